import { CohereRerank } from '@langchain/cohere';
import { Document } from '@langchain/core/documents';
import { createRequire } from 'node:module';
import { key, model, passages, query, report, top, url } from './task.mjs';

// LangChain takes its base URL with the Cohere client that it's given; this is the one that it comes with.
const { CohereClient } = createRequire(import.meta.resolve('@langchain/cohere'))('cohere-ai');
const reranker = new CohereRerank({ client: new CohereClient({ token: key, environment: url }), model, topN: top });
const documents = passages.map((pageContent, index) => new Document({ pageContent, metadata: { index } }));

const all = await reranker.rerank(documents, query, { topN: passages.length });
const best = await reranker.compressDocuments(documents, query);
report(
  'CohereRerank',
  '@langchain/cohere',
  all.map(({ index, relevanceScore }) => ({ index, score: relevanceScore })),
  best.map(({ pageContent, metadata }) => ({ index: metadata.index, score: metadata.relevanceScore, text: pageContent })),
);
