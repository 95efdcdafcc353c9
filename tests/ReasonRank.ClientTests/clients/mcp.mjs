import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { key, passages, query, report, top, url } from './task.mjs';

const client = new Client({ name: 'a-client', version: '1.0.0' });
await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit: { headers: { Authorization: `Bearer ${key}` } } }));
const { tools } = await client.listTools();
const rank = (more) => client.callTool({ name: tools[0].name, arguments: { query, documents: passages, ...more } });
const read = ({ content, structuredContent }) => {
  if (JSON.stringify(JSON.parse(content[0].text)) !== JSON.stringify(structuredContent)) throw new Error('The text says something else than the structured content.');
  return structuredContent.results.map(({ index, relevance_score, document }) => ({ index, score: relevance_score, text: document?.text }));
};

report('Client of the Model Context Protocol, tool rerank', '@modelcontextprotocol/sdk', read(await rank({})), read(await rank({ top_n: top, return_documents: true })));
await client.close();
