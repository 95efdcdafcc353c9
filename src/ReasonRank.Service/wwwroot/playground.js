// The playground: asks for a ranking, shows it grow. No library, nothing from elsewhere.
const $ = id => document.getElementById(id);
let running = null;

const example = {
  query: "How do plants turn light into energy?",
  passages: [
    "The stock market closed higher on Friday after a week of losses.",
    "Chlorophyll absorbs mostly blue and red light and reflects green.",
    "Photosynthesis converts light energy into chemical energy stored in glucose, using water and carbon dioxide.",
    "A solar panel converts sunlight into electricity with semiconductors.",
    "In the light reactions, energy captured by chlorophyll drives the making of ATP and NADPH.",
    "Cacti store water in thick stems.",
  ],
};

function readPassages() {
  const text = $("passages").value.trim();
  if (text.startsWith("[")) return JSON.parse(text);
  return text.split("\n").map(line => line.trim()).filter(line => line);
}

function readRequest() {
  const body = { query: $("query").value, documents: readPassages(), return_reasoning: "full", stream: true };
  for (const name of ["top_n", "reasoning_budget", "window_size", "stride", "timeout_ms"])
    if ($(name).value !== "") body[name] = Number($(name).value);
  return body;
}

const textOf = passage => typeof passage === "string" ? passage : passage.text ?? passage.content ?? JSON.stringify(passage);

function say(text, isBad = false) {
  $("status").textContent = text;
  $("status").classList.toggle("bad", isBad);
}

// The ranking, with how far each passage moved from its place in the request.
function showRanking(order, passages, shown = order.length) {
  const before = new Map([...$("ranking").children].map(item => [item.dataset.index, item.getBoundingClientRect().top]));
  $("ranking").replaceChildren(...order.map((index, place) => {
    const item = document.createElement("li");
    item.dataset.index = index;
    item.classList.toggle("cut", place >= shown);
    const moved = index - place;
    const move = moved > 0 ? `▲ ${moved}` : moved < 0 ? `▼ ${-moved}` : "–";
    item.append(part("rank", place + 1), part(`move ${moved > 0 ? "up" : moved < 0 ? "down" : ""}`, move), part("text", textOf(passages[index])));
    return item;
  }));
  for (const item of $("ranking").children) {
    const from = before.get(item.dataset.index);
    const by = from === undefined ? 0 : from - item.getBoundingClientRect().top;
    if (by) item.animate([{ transform: `translateY(${by}px)` }, { transform: "none" }], { duration: 350, easing: "ease-out" });
  }
}

function part(name, text) {
  const span = document.createElement("span");
  span.className = name;
  span.textContent = text;
  return span;
}

function showWindow({ window, windows_total, positions }, count) {
  const track = document.createElement("div");
  track.className = "track running";
  track.dataset.window = window;
  const bar = document.createElement("i");
  bar.style.left = `${100 * positions[0] / count}%`;
  bar.style.width = `${100 * (positions[1] - positions[0]) / count}%`;
  track.append(bar);
  $("windows").append(track);

  const thought = document.createElement("article");
  thought.dataset.window = window;
  const title = document.createElement("h2");
  title.textContent = `Window ${window + 1} of ${windows_total}, places ${positions[0] + 1} to ${positions[1]}`;
  thought.append(title, document.createElement("pre"));
  $("reasoning").append(thought);
  say(`Window ${window + 1} of ${windows_total}`);
}

// Windows may run at the same time: what belongs to one is found by its number.
const ofWindow = (id, window) => $(id).querySelector(`[data-window="${window}"]`);

function showDelta({ window, text }) {
  const pre = ofWindow("reasoning", window)?.querySelector("pre");
  if (!pre) return;
  pre.append(text);
  pre.scrollTop = pre.scrollHeight;
}

function showDone(answer, passages) {
  const shown = answer.results.map(result => result.index);
  const rest = passages.map((_, index) => index).filter(index => !shown.includes(index));
  showRanking([...shown, ...rest], passages, shown.length);
  const warnings = answer.warnings ? ` ${answer.warnings.join(" ")}` : "";
  say(`${answer.status}: ${(answer.timings.total_ms / 1000).toFixed(1)} s, ${answer.usage.completion_tokens} tokens in ${answer.meta.windows_done} windows.${warnings}`, answer.status !== "complete");
}

function handle(name, data, passages) {
  if (name === "queued") say(`Waiting, ${data.ahead} ahead`);
  else if (name === "window.start") showWindow(data, passages.length);
  else if (name === "reasoning.delta") showDelta(data);
  else if (name === "window.ranking") {
    ofWindow("windows", data.window).className = "track done";
    showRanking(data.order, passages);
  } else if (name === "done") showDone(data, passages);
  else if (name === "error") say(data.message, true);
}

// Server-sent events over fetch: EventSource can't POST.
async function readEvents(response, passages) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    buffer += value;
    const events = buffer.split("\n\n");
    buffer = events.pop();
    for (const event of events) {
      const lines = event.split("\n");
      const name = lines.find(line => line.startsWith("event: "))?.slice(7);
      const data = lines.filter(line => line.startsWith("data: ")).map(line => line.slice(6)).join("\n");
      if (name) handle(name, JSON.parse(data), passages);
    }
  }
}

async function rank(event) {
  event.preventDefault();
  let body;
  try {
    body = readRequest();
  } catch (error) {
    return say(`The passages are not a JSON array: ${error.message}`, true);
  }
  running = new AbortController();
  $("windows").replaceChildren();
  $("reasoning").replaceChildren();
  $("go").disabled = true;
  $("stop").hidden = false;
  showRanking(body.documents.map((_, index) => index), body.documents);
  say("Sent");
  const headers = { "content-type": "application/json" };
  if ($("key").value) headers.authorization = `Bearer ${$("key").value}`;
  try {
    const response = await fetch("v1/rerank", { method: "POST", headers, body: JSON.stringify(body), signal: running.signal });
    if (response.ok) await readEvents(response, body.documents);
    else say((await response.json()).message, true);
  } catch (error) {
    say(error.name === "AbortError" ? "Stopped" : error.message, true);
  } finally {
    $("go").disabled = false;
    $("stop").hidden = true;
  }
}

async function showServed() {
  const headers = $("key").value ? { authorization: `Bearer ${$("key").value}` } : {};
  const response = await fetch("info", { headers });
  const info = await response.json();
  $("served").textContent = response.ok ? `${info.model_id} · ${info.profile} · ${info.runtime}` : info.message;
}

$("query").value = example.query;
$("passages").value = example.passages.join("\n");
$("ask").addEventListener("submit", rank);
$("stop").addEventListener("click", () => running?.abort());
$("key").addEventListener("change", showServed);
showServed().catch(error => say(error.message, true));
