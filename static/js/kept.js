// What the server could not take of a row stays on this machine, for the account that typed it, at most seven days.
const WEEK = 7 * 24 * 3600 * 1000;
const PREFIX = "kept:";

export function keep(key, content) {
  quietly(() => window.localStorage.setItem(PREFIX + key, JSON.stringify({ ...content, at: Date.now() })));
}

export function forget(key) {
  quietly(() => window.localStorage.removeItem(PREFIX + key));
}

export function keptOf(key) {
  const found = JSON.parse(quietly(() => window.localStorage.getItem(PREFIX + key)) || "null");
  if (found && Date.now() - found.at < WEEK) return found;
  if (found) forget(key);
  return null;
}

// A full or forbidden store is no reason to stop the form.
function quietly(act) {
  try {
    return act();
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  }
}
