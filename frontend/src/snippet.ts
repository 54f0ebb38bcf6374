// What runs in the pages of a customer's product: calls are queued, sent together, and sent again until they are taken.
// It stores an anonymous id in localStorage and nothing else. Served as /snippet/KEY.js with the two names filled in.

type Fields = Record<string, unknown>;
type Call = [string, ...unknown[]];

const key = "__KEEPWELL_KEY__";
const host = "__KEEPWELL_HOST__";
const anonymousName = "keepwell.anonymous";
const flushAfter = 250;
const atOnce = 50;
const mostWaiting = 1000;
const longestBeacon = 60_000;
const longestWait = 60_000;

const waiting: string[] = [];
const given = Array.isArray((window as { keepwell?: unknown }).keepwell)
  ? ((window as { keepwell?: unknown }).keepwell as Call[])
  : [];
let user: string | undefined;
let account: string | undefined;
let anonymous = remembered();
let timer: number | undefined;
let sending = false;
let failures = 0;

function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function remembered(): string {
  try {
    const known = localStorage.getItem(anonymousName);
    if (known) return known;
  } catch {
    // Storage is closed to this page: the id lives as long as the page
  }
  return remember(newId());
}

function remember(id: string): string {
  try {
    localStorage.setItem(anonymousName, id);
  } catch {
    // As above
  }
  return id;
}

function add(type: string, fields: Fields): void {
  const message = {
    type,
    ...fields,
    userId: user,
    anonymousId: anonymous,
    messageId: newId(),
    timestamp: new Date().toISOString(),
    context: {
      groupId: account,
      page: { url: location.origin + location.pathname, path: location.pathname, title: document.title },
      library: { name: "keepwell.js" },
    },
  };
  if (waiting.length >= mostWaiting) waiting.shift();
  waiting.push(JSON.stringify(message));
  if (waiting.length >= atOnce) void flush();
  else plan(flushAfter);
}

function plan(delay: number): void {
  timer ??= window.setTimeout(() => {
    timer = undefined;
    void flush();
  }, delay);
}

// Plain text needs no question of the browser beforehand; the key stands in the body
function body(messages: string[]): string {
  return `{"writeKey":"${key}","sentAt":"${new Date().toISOString()}","batch":[${messages.join(",")}]}`;
}

async function flush(): Promise<void> {
  if (sending || waiting.length === 0) return;
  sending = true;
  const messages = waiting.splice(0, atOnce);
  let delay = flushAfter;
  try {
    const text = body(messages);
    const answer = await fetch(`${host}/v1/b`, {
      method: "POST",
      headers: { "Content-Type": "text/plain" },
      body: text,
      credentials: "omit",
      keepalive: text.length < longestBeacon,
    });
    failures = 0;
    if (answer.status === 429 || answer.status >= 500) {
      waiting.unshift(...messages);
      delay = 1000 * Number(answer.headers.get("Retry-After") ?? 2);
    }
  } catch {
    waiting.unshift(...messages);
    delay = Math.min(1000 * 2 ** failures++, longestWait);
  }
  sending = false;
  if (waiting.length > 0) plan(delay);
}

// The page goes away: what waits is handed to the browser. What is on its way may come twice, its ids are the same
function leave(): void {
  while (waiting.length > 0) {
    let size = 0;
    let count = 0;
    while (count < waiting.length && (count === 0 || size + waiting[count].length < longestBeacon)) {
      size += waiting[count++].length;
    }
    const text = body(waiting.slice(0, count));
    if (!navigator.sendBeacon(`${host}/v1/b`, new Blob([text], { type: "text/plain" }))) return;
    waiting.splice(0, count);
  }
}

const calls: Record<string, (...given: never[]) => void> = {
  track: (event: string, properties?: Fields) => add("track", { event, properties }),
  page: (name?: string, properties?: Fields) => add("page", { name, properties }),
  identify: (id: string, traits?: Fields) => {
    user = String(id);
    add("identify", { traits });
  },
  group: (id: string, traits?: Fields) => {
    account = String(id);
    add("group", { groupId: account, traits });
  },
  reset: () => {
    user = account = undefined;
    anonymous = remember(newId());
  },
};

function run([name, ...rest]: Call): void {
  (calls[name] as ((...given: unknown[]) => void) | undefined)?.(...rest);
}

addEventListener("pagehide", leave);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") leave();
});
(window as { keepwell?: unknown }).keepwell = { ...calls, push: run };
given.forEach(run);

export {};
