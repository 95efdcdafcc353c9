import { CohereRerank } from '@llamaindex/cohere';
import { TextNode } from '@llamaindex/core/schema';
import { key, model, passages, query, report, top, url } from './task.mjs';

const nodes = passages.map((text, index) => ({ node: new TextNode({ text, id_: String(index) }), score: 0 }));
const rank = (topN) => new CohereRerank({ apiKey: key, baseUrl: url, model, topN }).postprocessNodes(nodes, query);
const read = (ranked) => ranked.map(({ node, score }) => ({ index: Number(node.id_), score, text: node.text }));

report('CohereRerank', '@llamaindex/cohere', read(await rank(passages.length)), read(await rank(top)));
