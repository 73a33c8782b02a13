// The API's reference, with requests to try.

const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", follow);
follow();

// The user's door is ready to try: the JWT is one of the local issuer's.
async function authorize(viewer) {
  const response = await fetch("/issuer/token?sub=user-4711");
  if (response.ok) viewer.preauthorizeApiKey("jwt", (await response.text()).trim());
}

addEventListener("DOMContentLoaded", () => {
  const viewer = SwaggerUIBundle({
    url: "/openapi.json",
    dom_id: "#reference",
    defaultModelsExpandDepth: 0,
    displayRequestDuration: true,
    validatorUrl: null,
    onComplete: () => authorize(viewer),
  });
});
