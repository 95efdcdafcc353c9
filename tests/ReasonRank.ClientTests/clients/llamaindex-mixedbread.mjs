import { MixedbreadAIReranker } from '@llamaindex/mixedbread';
import { TextNode } from '@llamaindex/core/schema';
import { key, model, passages, query, report, top, url } from './task.mjs';

const nodes = passages.map((text, index) => ({ node: new TextNode({ text, id_: String(index) }), score: 0 }));
const reranker = (topK) => new MixedbreadAIReranker({ apiKey: key, baseUrl: url, model, topK, returnInput: true });

const all = await reranker(passages.length).rerank(passages, query);
const best = await reranker(top).postprocessNodes(nodes, query);
report(
  'MixedbreadAIReranker',
  '@llamaindex/mixedbread',
  all.map(({ index, score, input }) => ({ index, score, text: input })),
  best.map(({ node, score }) => ({ index: Number(node.id_), score, text: node.text })),
);
