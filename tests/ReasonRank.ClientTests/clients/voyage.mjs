import { VoyageAIClient } from 'voyageai';
import { key, model, passages, query, report, top, url } from './task.mjs';

const client = new VoyageAIClient({ apiKey: key, environment: `${url}/v1` });
const read = ({ data }) => data.map(({ index, relevanceScore, document }) => ({ index, score: relevanceScore, text: document }));

const all = await client.rerank({ model, query, documents: passages });
const best = await client.rerank({ model, query, documents: passages, topK: top, returnDocuments: true, truncation: true });
report('VoyageAIClient.rerank', 'voyageai', read(all), read(best));
