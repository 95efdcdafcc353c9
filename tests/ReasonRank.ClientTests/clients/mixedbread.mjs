import Mixedbread from '@mixedbread/sdk';
import { key, model, passages, query, report, top, url } from './task.mjs';

const client = new Mixedbread({ apiKey: key, baseURL: url });
const read = ({ data }) => data.map(({ index, score, input }) => ({ index, score, text: input ?? undefined }));

const all = await client.rerank({ model, query, input: passages });
const best = await client.rerank({ model, query, input: passages, top_k: top, return_input: true });
report('Mixedbread.rerank', '@mixedbread/sdk', read(all), read(best));
