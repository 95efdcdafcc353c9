import { createCohere } from '@ai-sdk/cohere';
import { rerank } from 'ai';
import { key, model, passages, query, report, top, url } from './task.mjs';

const cohere = createCohere({ apiKey: key, baseURL: `${url}/v2` });
const rank = (topN) => rerank({ model: cohere.reranking(model), query, documents: passages, topN });
const read = ({ ranking }) => ranking.map(({ originalIndex, score, document }) => ({ index: originalIndex, score, text: document }));

report('rerank() of the AI SDK', '@ai-sdk/cohere', read(await rank()), read(await rank(top)));
