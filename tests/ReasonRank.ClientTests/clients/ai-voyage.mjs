import { createVoyage } from '@ai-sdk/voyage';
import { rerank } from 'ai';
import { key, model, passages, query, report, top, url } from './task.mjs';

const voyage = createVoyage({ apiKey: key, baseURL: `${url}/v1` });
const rank = (topN) => rerank({ model: voyage.reranking(model), query, documents: passages, topN });
const read = ({ ranking }) => ranking.map(({ originalIndex, score, document }) => ({ index: originalIndex, score, text: document }));

report('rerank() of the AI SDK', '@ai-sdk/voyage', read(await rank()), read(await rank(top)));
