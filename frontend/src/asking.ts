// What asks inside a customer's product: whether whoever uses it is to be asked, and if so, the survey in a dialog.
//
//   <script async src="https://KEEPWELL/static/keepwell/dist/asking.js"
//     data-key="wk_..." data-user="user-1" data-signature="..."></script>
//
// The signature is made by the product's server. Nothing is stored in the browser.

const script = document.currentScript as HTMLScriptElement | null;

async function ask(of: HTMLScriptElement): Promise<void> {
  const { key, user, signature } = of.dataset;
  if (!key || !user || !signature) return;
  const host = new URL(of.src).origin;
  const answer = await fetch(`${host}/s/ask`, {
    method: "POST",
    headers: { "Content-Type": "text/plain" },
    body: JSON.stringify({ writeKey: key, user, signature }),
    credentials: "omit",
    referrerPolicy: "no-referrer",
  });
  const { link } = (await answer.json()) as { link: string | null };
  if (link?.startsWith(`${host}/s/`)) show(link, of.dataset.close ?? "×");
}

function show(link: string, close: string): void {
  const dialog = document.createElement("dialog");
  const frame = document.createElement("iframe");
  const button = document.createElement("button");
  dialog.setAttribute("aria-label", document.title);
  Object.assign(dialog.style, {
    width: "min(40rem, 94vw)", height: "min(44rem, 88vh)", padding: "0", border: "0", borderRadius: "12px",
    boxShadow: "0 8px 40px rgb(0 0 0 / .3)", overflow: "hidden",
  });
  Object.assign(frame.style, { width: "100%", height: "calc(100% - 3rem)", marginTop: "3rem", border: "0" });
  Object.assign(button.style, {
    position: "absolute", insetInlineEnd: "8px", insetBlockStart: "2px", width: "44px", height: "44px", border: "0",
    borderRadius: "50%", background: "#fff", color: "#1c1b19", font: "24px/1 sans-serif", cursor: "pointer",
  });
  frame.src = link;
  frame.title = document.title;
  frame.referrerPolicy = "no-referrer";
  button.textContent = close;
  button.setAttribute("aria-label", "Close");
  button.onclick = () => dialog.close();
  dialog.onclose = () => dialog.remove();
  dialog.append(frame, button);
  document.body.append(dialog);
  dialog.showModal();
}

if (script) void ask(script).catch(() => undefined);

export {};
