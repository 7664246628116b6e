import { Store, recall, remember } from '../store.js';

const KEY = 'feira.cart';
export const MOST_LINES = 100;
export const MOST_OF_ONE = 999;

/**
 * The cart: `[{sku, quantity, name, picture, category, unit, price}]`, in the browser's storage, shared by its tabs.
 * Names and prices are those at the time of adding; the quote has the valid price.
 */
class Cart extends Store {
  constructor() {
    super(sane(recall('localStorage', KEY, [])));
    addEventListener('storage', (event) => {
      if (event.key === KEY || event.key === null) super.set(sane(recall('localStorage', KEY, [])));
    });
  }

  set(lines) {
    remember('localStorage', KEY, lines);
    super.set(lines);
  }

  get count() {
    return this.value.length;
  }

  quantityOf(sku) {
    return this.value.find((line) => line.sku === sku)?.quantity ?? 0;
  }

  /** Adds units of a product; returns the new quantity. */
  add(product, quantity = 1) {
    const before = this.quantityOf(product.sku);
    if (before === 0 && this.value.length >= MOST_LINES) return 0;
    const { sku, name, picture, category, unit, price } = product;
    const line = { sku, name, picture, category, unit, price, quantity: within(before + quantity) };
    this.set(before === 0 ? [...this.value, line] : this.value.map((old) => (old.sku === sku ? line : old)));
    return line.quantity;
  }

  change(sku, quantity) {
    this.set(this.value.map((line) => (line.sku === sku ? { ...line, quantity: within(quantity) } : line)));
  }

  remove(sku) {
    this.set(this.value.filter((line) => line.sku !== sku));
  }

  /** Removes the ordered units; units added since then stay. */
  takeOut(ordered) {
    const left = new Map(ordered.map(({ sku, quantity }) => [sku, quantity]));
    this.set(
      this.value
        .map((line) => ({ ...line, quantity: line.quantity - (left.get(line.sku) ?? 0) }))
        .filter(({ quantity }) => quantity > 0)
    );
  }

  /** Returns the lines in the form of the API. */
  get lines() {
    return this.value.map(({ sku, quantity }) => ({ sku, quantity }));
  }
}

const within = (quantity) => Math.min(MOST_OF_ONE, Math.max(1, Math.trunc(quantity) || 1));

/** Validates the stored cart, which may be of another version or edited by hand. */
function sane(lines) {
  if (!Array.isArray(lines)) return [];
  return lines.filter((line) => typeof line?.sku === 'string' && Number.isInteger(line.quantity) && line.price);
}

export const cart = new Cart();
