import { JinaAIReranker, TextNode } from 'llamaindex';
import { key, model, passages, query, redirect, report, top } from './task.mjs';

redirect('https://api.jina.ai');
process.env.JINAAI_API_KEY = key;
const nodes = passages.map((text, index) => ({ node: new TextNode({ text, id_: String(index) }), score: 0 }));

const all = await new JinaAIReranker({ model }).rerank(query, passages, passages.length);
const best = await new JinaAIReranker({ model, topN: top }).postprocessNodes(nodes, query);
report(
  'JinaAIReranker (its host is fixed in its code; its requests are redirected)',
  'llamaindex',
  all.map(({ index, relevance_score }) => ({ index, score: relevance_score })),
  best.map(({ node, score }) => ({ index: Number(node.id_), score, text: node.text })),
);
