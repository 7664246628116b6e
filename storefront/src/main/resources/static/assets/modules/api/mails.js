import { request } from './client.js';

/** Returns a page of mail, newest first, without its text; for staff. */
export const mails = async (query, signal) => (await request('GET', '/api/mails', { query, signal })).body;

/** Returns a page of the mail to the user, newest first, without its text. */
export const ownMails = async (query, signal) => (await request('GET', '/api/mails/mine', { query, signal })).body;

/** Returns a mail of the mailbox with its text. */
export const mail = async (id, signal) => (await request('GET', `/api/mails/${encodeURIComponent(id)}`, { signal })).body;

/** Where a mail of the mailbox is shown as a mail program shows it. */
export const mailPage = (id) => `/api/mails/${encodeURIComponent(id)}/html`;

/** Sends a failed mail again. */
export const retryMail = async (id) => (await request('POST', `/api/mails/${encodeURIComponent(id)}/retry`)).body;

/** Returns the mails about an order or a product: to anyone for staff, else to the user. */
export const mailsAbout = async (reference, isStaff, signal) =>
  (await (isStaff ? mails : ownMails)({ reference, limit: 20 }, signal)).items;
