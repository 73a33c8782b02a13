// The viewer of the API's description: it asks as a user, and can be used without seeing it.

const reference = document.querySelector("#reference");

async function withLogin(request) {
  if (!new URL(request.url, location).pathname.startsWith("/me/")) return request;
  const given = document.querySelector("#login").value.trim();
  const [, name, value] = /^([\w-]+)\s*:\s*(.*)$/.exec(given) ?? [, "authorization", given];
  if (!given) {
    const issued = await fetch(reference.dataset.issued);
    if (issued.ok) request.headers.authorization = `Bearer ${await issued.text()}`;
  } else if (name.toLowerCase() === "cookie") {
    // No page may set this header itself. Other ports get its cookies, too, so they are gone soon.
    for (const cookie of value.split(";")) document.cookie = `${cookie}; path=/; max-age=5; samesite=strict; secure`;
  } else request.headers[name] = value;
  return request;
}

// Every control gets a name of its own, and nothing is read aloud unasked.
function mend() {
  for (const block of reference.querySelectorAll(".opblock")) {
    const { path } = block.querySelector(".opblock-summary-path").dataset;
    const door = `${block.querySelector(".opblock-summary-method").textContent} ${path}`;
    for (const it of block.querySelectorAll("table[role], [role=tabpanel]")) {
      for (const attribute of ["aria-live", "role", "tabindex"]) it.removeAttribute(attribute);
    }
    for (const it of block.querySelectorAll(".json-schema-2020-12-accordion")) {
      it.ariaExpanded = it.querySelector("[class*=--expanded]") !== null;
    }
    for (const control of block.querySelectorAll(".opblock-body :is(button, select, textarea)")) {
      control.dataset.kind ??= control.ariaLabel ?? "Body";
      const kind = control.matches("button") ? control.textContent.trim() : control.dataset.kind;
      const status = control.closest("[data-code]")?.dataset.code;
      control.ariaLabel = [kind, status, door].filter(Boolean).join(", ");
    }
  }
}

const shown = new WeakSet();

const plugin = ({ React: { createElement, useEffect, useRef }, getComponent }) => ({
  components: {
    // The operations alone: the page has a heading and a <main> of its own.
    Doors: () => createElement("div", { className: "swagger-ui" }, createElement(getComponent("operations", true))),
    HighlightCode: ({ children, className }) => createElement("pre", { className: `microlight ${className}` }, children),
    // Its command would show the JWT to every process; the page has better ones.
    curl: () => null,
    CopyToClipboardBtn: () => null,
    authorizeOperationBtn: () => null,
    clear: () => null,
    JSONSchema202012ExpandDeepButton: () => null,
  },
  wrapComponents: {
    // An answer may be below the fold: whoever asked is taken to it.
    liveResponse: (Original) => (props) => {
      const answer = useRef();
      useEffect(() => {
        if (shown.has(props.response)) return;
        shown.add(props.response);
        answer.current.focus({ preventScroll: true });
        answer.current.scrollIntoView();
      });
      const label = `Answer, ${props.response.get("status") ?? "none"}, ${props.method.toUpperCase()} ${props.path}`;
      return createElement("div", { ref: answer, tabIndex: -1, role: "group", "aria-label": label }, createElement(Original, props));
    },
  },
});

new MutationObserver(mend).observe(reference, { childList: true, subtree: true, characterData: true });
SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#reference",
  layout: "Doors",
  defaultModelExpandDepth: 9,
  plugins: [plugin],
  requestInterceptor: withLogin,
});
