/** A value that fires an event when it changes. */
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

/** Reads and writes JSON in the browser's storage; without storage (blocked, full) values last for the page only. */
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
    // storage is blocked or full
  }
}
