import { CohereClientV2 } from 'cohere-ai';
import { key, model, passages, query, report, top, url } from './task.mjs';

const client = new CohereClientV2({ token: key, environment: url });
const read = ({ results }) => results.map(({ index, relevanceScore }) => ({ index, score: relevanceScore }));

const all = await client.rerank({ model, query, documents: passages });
const best = await client.rerank({ model, query, documents: passages, topN: top, maxTokensPerDoc: 512 });
report('CohereClientV2.rerank', 'cohere-ai', read(all), read(best));
