import { MixedbreadAIReranker } from '@langchain/mixedbread-ai';
import { Document } from '@langchain/core/documents';
import { key, model, passages, query, report, top, url } from './task.mjs';

const reranker = new MixedbreadAIReranker({ apiKey: key, baseUrl: url, model, topK: top });
const documents = passages.map((pageContent, index) => new Document({ pageContent, metadata: { index } }));

const all = await reranker.rerank(passages, query, { topK: passages.length, returnInput: true });
const best = await reranker.compressDocuments(documents, query);
report(
  'MixedbreadAIReranker',
  '@langchain/mixedbread-ai',
  all.map(({ index, score, input }) => ({ index, score, text: input })),
  best.map(({ pageContent, metadata }) => ({ index: metadata.index, score: metadata.relevanceScore, text: pageContent })),
);
