/** A value that tells when it changes. */
export class Store extends EventTarget {
  #value;

  constructor(value) {
    super();
    this.#value = value;
  }

  get value() {
    return this.#value;
  }

  set(value) {
    this.#value = value;
    this.dispatchEvent(new Event('change'));
  }

  subscribe(listener, signal) {
    this.addEventListener('change', () => listener(this.#value), { signal });
  }
}

/** What the browser keeps, as JSON; without storage (blocked, full) the shop forgets, and works. */
export function recall(storage, key, otherwise) {
  try {
    return JSON.parse(globalThis[storage].getItem(key)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

export function remember(storage, key, value) {
  try {
    if (value === null) globalThis[storage].removeItem(key);
    else globalThis[storage].setItem(key, JSON.stringify(value));
  } catch {
    // nothing to do about it
  }
}
