// What a JWT says, unverified: for showing it, never for deciding anything.

function part(text) {
  const bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
}

// `{header, claims}`, or null for what is not a JWT.
export function decoded(token) {
  const parts = token.split(".");
  if (parts.length !== 3) return null;
  try {
    return { header: part(parts[0]), claims: part(parts[1]) };
  } catch {
    return null;
  }
}
