import { CohereClient } from 'cohere-ai';
import { key, model, passages, query, report, top, url } from './task.mjs';

const client = new CohereClient({ token: key, environment: url });
const read = ({ results }) => results.map(({ index, relevanceScore, document }) => ({ index, score: relevanceScore, text: document?.text }));

const all = await client.rerank({ model, query, documents: passages });
const best = await client.rerank({ model, query, documents: passages.map((text) => ({ text })), topN: top, returnDocuments: true });
report('CohereClient.rerank (v1)', 'cohere-ai', read(all), read(best));
