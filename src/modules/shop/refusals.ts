/** Everything the shop refuses: the names that programs know, and the words for each reader. */
import { says } from '#core/refusals.ts';

const promoRefusals = {
  'promo-unknown': says({
    code: 'conflict',
    en: () => 'There is no such promo code: check its spelling.',
    de: () => 'Diesen Gutscheincode gibt es nicht: sieh nach, wie er geschrieben ist.',
  }),
  'promo-not-yet': says<{ code: string; from: number }>({
    code: 'conflict',
    en: ({ code, from }, { date }) => `${code} is valid from ${date(from)} on.`,
    de: ({ code, from }, { date }) => `${code} gilt erst ab ${date(from)}.`,
  }),
  'promo-over': says<{ code: string }>({
    code: 'conflict',
    en: ({ code }) => `${code} is no longer valid.`,
    de: ({ code }) => `${code} gilt nicht mehr.`,
  }),
  'promo-used-up': says<{ code: string }>({
    code: 'conflict',
    en: ({ code }) => `${code} has been used up.`,
    de: ({ code }) => `${code} ist aufgebraucht.`,
  }),
  'promo-used-by-you': says<{ code: string; times: number }>({
    code: 'conflict',
    en: ({ code, times }) =>
      times === 1 ? `You have used ${code} before: it is valid once.` : `You have used ${code} ${times} times: it is not valid more often.`,
    de: ({ code, times }) =>
      times === 1
        ? `Du hast ${code} schon benutzt, und er gilt einmal.`
        : `Du hast ${code} schon ${times}-mal benutzt, öfter gilt er nicht.`,
  }),
  'promo-minimum': says<{ code: string; coins: number }>({
    code: 'conflict',
    en: ({ code, coins }, { whole }) => `${code} is for orders of at least ${whole(coins)} coins.`,
    de: ({ code, coins }, { whole }) => `${code} gilt für Bestellungen ab ${whole(coins)} Talern.`,
  }),
};

const catalogueRefusals = {
  'no-product': says<{ id: string }>({
    code: 'not_found',
    en: () => 'There is no such product.',
    de: () => 'Diesen Artikel gibt es nicht.',
    advice: ({ id }) => `There is no product ${id}; GET /api/shop/products lists those there are.`,
  }),
  'no-variant': says<{ id: string }>({
    code: 'not_found',
    en: () => 'This article is not sold here.',
    de: () => 'Dieser Artikel wird hier nicht verkauft.',
    advice: ({ id }) => `There is no variant ${id}; GET /api/shop/products/PRODUCT lists those of a product.`,
  }),
  'no-category': says<{ category: string; known: string }>({
    code: 'invalid_input',
    en: ({ category }) => `There is no department ${category}.`,
    de: ({ category }) => `Die Abteilung ${category} gibt es nicht.`,
    advice: ({ known }) => `There are ${known}.`,
  }),
  'no-picture': says({
    code: 'invalid_input',
    en: () => 'This is no picture that is taken here: send a PNG, JPEG, WebP or AVIF.',
    de: () => 'Das ist kein Bild, das hier genommen wird: schick ein PNG, JPEG, WebP oder AVIF.',
  }),
  'picture-gone': says({
    code: 'not_found',
    en: () => 'There is no such picture.',
    de: () => 'Dieses Bild gibt es nicht.',
    advice: () => 'A product names the address of its present picture.',
  }),
  'product-exists': says<{ id: string }>({
    code: 'conflict',
    en: ({ id }) => `There is a product ${id} already: give the new one another name in the address.`,
    de: ({ id }) => `Den Artikel ${id} gibt es schon: gib dem neuen einen anderen Namen in der Adresse.`,
  }),
  'variant-twice': says({
    code: 'invalid_input',
    en: () => 'Two variants have the same article number: give each its own.',
    de: () => 'Zwei Größen haben dieselbe Artikelnummer: gib jeder ihre eigene.',
  }),
  'variant-of-another': says<{ variant: string; product: string }>({
    code: 'conflict',
    en: ({ variant, product }) => `${variant} belongs to the product ${product}: give the new one a number of its own.`,
    de: ({ variant, product }) => `${variant} gehört zum Artikel ${product}: gib der neuen eine eigene Nummer.`,
  }),
  'no-pieces': says({
    code: 'invalid_input',
    en: () => 'Say how many pieces came in, or fewer than 0 for what was lost.',
    de: () => 'Sag, wie viele Stück hereinkamen, oder unter 0, was verloren ging.',
  }),
  'pieces-left': says<{ variant: string; most: number; reserved: number }>({
    code: 'conflict',
    en: ({ variant, most }, { whole }) => `Of ${variant} at most ${whole(most)} pieces can be taken away.`,
    de: ({ variant, most }, { whole }) => `Von ${variant} können höchstens ${whole(most)} Stück weggenommen werden.`,
    advice: ({ reserved }) => `${reserved} more are reserved.`,
  }),
};

/** What the columns of a CSV file may hold, for programs. */
const csvRules: Readonly<Record<string, string>> = {
  product: 'must be lower-case letters, digits and hyphens, such as darjeeling-first-flush',
  category: 'must be the id of a category, such as tea',
  name: 'must have 1 to 120 characters on one line',
  description: 'must have at most 4000 characters',
  keywords: 'must have at most 400 characters on one line',
  variant: 'must be upper-case letters, digits and hyphens, such as TEA-001-1',
  variant_name: 'must have 1 to 80 characters on one line',
  price: 'must be whole coins from 1 to 1000000',
  active: 'must be yes or no',
  stock: 'must be pieces from 0 to 999999, or empty to leave the stock as it is',
};

const csvRefusals = {
  'csv-empty': says({
    code: 'invalid_input',
    en: () => 'The file holds no products: add a row for each variant.',
    de: () => 'In der Datei stehen keine Artikel: eine Zeile für jede Größe.',
  }),
  'csv-too-long': says<{ most: number }>({
    code: 'too_large',
    en: ({ most }, { whole }) => `The file has more than ${whole(most)} rows: send it in parts.`,
    de: ({ most }, { whole }) => `Die Datei hat mehr als ${whole(most)} Zeilen: schick sie in Teilen.`,
  }),
  'csv-columns': says<{ columns: string }>({
    code: 'invalid_input',
    en: ({ columns }) => `must name these columns, too: ${columns}`,
    de: ({ columns }) => `muss auch diese Spalten nennen: ${columns}`,
  }),
  'csv-row': says<{ problem: string }>({
    code: 'invalid_input',
    en: () => 'cannot be read: a quote may be missing',
    de: () => 'ist nicht zu lesen: vielleicht fehlt ein Anführungszeichen',
    advice: ({ problem }) => `(${problem})`,
  }),
  'csv-field': says<{ column: string; value: string }>({
    code: 'invalid_input',
    en: ({ column, value }) => `${column} cannot be “${value}”`,
    de: ({ column, value }) => `${column} kann nicht „${value}“ sein`,
    advice: ({ column }) => `(it ${csvRules[column]})`,
  }),
  'csv-variant-twice': says<{ variant: string }>({
    code: 'invalid_input',
    en: ({ variant }) => `${variant} is in the file already`,
    de: ({ variant }) => `${variant} steht schon in der Datei`,
    advice: () => '(each variant has one row)',
  }),
  'csv-differs': says<{ column: string; product: string }>({
    code: 'invalid_input',
    en: ({ column, product }) => `${column} differs from an earlier row of ${product}`,
    de: ({ column, product }) => `${column} ist anders als in einer früheren Zeile von ${product}`,
    advice: () => '(write the same in all of them)',
  }),
  'csv-variants': says<{ product: string; most: number }>({
    code: 'invalid_input',
    en: ({ product, most }) => `${product} has more than ${most} variants`,
    de: ({ product, most }) => `${product} hat mehr als ${most} Größen`,
  }),
};

const cartRefusals = {
  'cart-empty': says({
    code: 'conflict',
    en: () => 'The cart is empty.',
    de: () => 'Der Korb ist leer.',
    advice: () => 'Put something into it with PUT /api/shop/cart/lines/VARIANT.',
  }),
  'cart-full': says<{ most: number }>({
    code: 'conflict',
    en: ({ most }) => `A cart holds at most ${most} different articles: order these first.`,
    de: ({ most }) => `In einen Korb passen höchstens ${most} verschiedene Artikel: bestell diese zuerst.`,
  }),
  'no-longer-sold': says<{ variant: string }>({
    code: 'conflict',
    en: () => 'Something in the cart is no longer sold: take it out.',
    de: () => 'Etwas im Korb wird nicht mehr verkauft: nimm es heraus.',
    advice: ({ variant }) => `It is ${variant}.`,
  }),
  'sold-out': says<{ variant: string }>({
    code: 'conflict',
    en: () => 'Something in the cart is sold out: look at it again.',
    de: () => 'Etwas im Korb ist inzwischen ausverkauft: sieh ihn noch einmal an.',
    advice: ({ variant }) => `It is ${variant}.`,
  }),
  'few-left': says<{ variant: string; left: number; wanted: number }>({
    code: 'conflict',
    en: ({ left }, { whole }) => `Of something in the cart only ${whole(left)} are left: look at it again.`,
    de: ({ left }, { whole }) => `Von etwas im Korb sind nur noch ${whole(left)} da: sieh ihn noch einmal an.`,
    advice: ({ variant, wanted }) => `It is ${variant}, of which the cart holds ${wanted}.`,
  }),
};

const orderRefusals = {
  'no-order': says<{ id: string }>({
    code: 'not_found',
    en: () => 'There is no such order.',
    de: () => 'Diese Bestellung gibt es nicht.',
    advice: ({ id }) => `There is no order ${id}; GET /api/shop/orders lists yours.`,
  }),
  'total-changed': says<{ total: number }>({
    code: 'conflict',
    en: ({ total }, { whole }) => `Prices have changed: the cart now comes to ${whole(total)} coins. Look at it again.`,
    de: ({ total }, { whole }) => `Preise haben sich geändert: der Korb kostet jetzt ${whole(total)} Taler. Sieh ihn noch einmal an.`,
    advice: () => 'Send that as expectedTotal.',
  }),
  'coins-short': says<{ total: number; available: number }>({
    code: 'conflict',
    en: ({ total, available }, { whole }) => `The order costs ${whole(total)} coins, and there are ${whole(available)} in your wallet.`,
    de: ({ total, available }, { whole }) => `Die Bestellung kostet ${whole(total)} Taler, und in deinem Beutel sind ${whole(available)}.`,
    advice: () => 'Earn or receive more, or order less.',
  }),
  'coins-only': says({
    code: 'conflict',
    en: () => 'Only coins are taken here.',
    de: () => 'Hier wird nur in Talern bezahlt.',
    advice: () => 'Send "coins".',
  }),
  'unpaid-orders': says<{ most: number }>({
    code: 'conflict',
    en: ({ most }, { whole }) =>
      `You have ${whole(most)} orders that wait for their payment: pay or cancel one of them first, or pay this one in coins.`,
    de: ({ most }, { whole }) =>
      `${whole(most)} deiner Bestellungen warten auf ihre Zahlung: bezahl oder storniere erst eine, oder bezahl diese in Talern.`,
  }),
  'unpaid-today': says<{ most: number }>({
    code: 'conflict',
    en: ({ most }, { whole }) => `You have left ${whole(most)} orders unpaid today: pay in coins, or come back tomorrow.`,
    de: ({ most }, { whole }) => `Du hast heute ${whole(most)} Bestellungen nicht bezahlt: bezahl in Talern, oder komm morgen wieder.`,
  }),
  'kept-pieces': says<{ most: number }>({
    code: 'conflict',
    en: ({ most }, { whole }) => `At most ${whole(most)} pieces are kept for you without payment: order fewer, or pay in coins.`,
    de: ({ most }, { whole }) =>
      `Ohne Zahlung werden dir höchstens ${whole(most)} Stück aufgehoben: bestell weniger, oder bezahl in Talern.`,
  }),
  'kept-share': says<{ variant: string; most: number }>({
    code: 'conflict',
    en: ({ most }, { whole }) =>
      `Of something in the cart at most ${whole(most)} are kept for you without payment, so that others can buy some: order fewer, or pay in coins.`,
    de: ({ most }, { whole }) =>
      `Von etwas im Korb werden dir ohne Zahlung höchstens ${whole(most)} aufgehoben, damit auch andere etwas bekommen: bestell weniger, oder bezahl in Talern.`,
    advice: ({ variant }) => `It is ${variant}.`,
  }),
  'state-cannot': says<{ state: string; possible: string }>({
    code: 'conflict',
    en: () => 'The order has moved on meanwhile: this cannot follow any more.',
    de: () => 'Die Bestellung ist inzwischen weiter: das kann jetzt nicht mehr folgen.',
    advice: ({ state, possible }) => `It is ${state}: ${possible === '' ? 'nothing can follow' : `only ${possible} can follow`}.`,
  }),
  'too-late-to-cancel': says<{ state: string }>({
    code: 'conflict',
    en: () => 'The order is on its way already and cannot be cancelled: ask for a refund.',
    de: () => 'Die Bestellung ist schon unterwegs und lässt sich nicht mehr stornieren: bitte um eine Erstattung.',
    advice: ({ state }) => `It is ${state}.`,
  }),
};

const paymentRefusals = {
  'waits-for-no-payment': says<{ state: string }>({
    code: 'conflict',
    en: () => 'This order waits for no payment any more.',
    de: () => 'Diese Bestellung wartet auf keine Zahlung mehr.',
    advice: ({ state }) => `It is ${state}.`,
  }),
  'never-paid': says<{ state: string }>({
    code: 'conflict',
    en: () => 'The order was never paid: there is nothing to give back.',
    de: () => 'Die Bestellung wurde nie bezahlt: es gibt nichts zurückzugeben.',
    advice: ({ state }) => `It is ${state}.`,
  }),
  'payment-mismatch': says<{ order: string }>({
    code: 'conflict',
    en: () => 'The payment is not what the order costs.',
    de: () => 'Die Zahlung ist nicht das, was die Bestellung kostet.',
    advice: ({ order }) => `The order is ${order}.`,
  }),
  'payment-not-genuine': says<{ provider: string; why: string }>({
    code: 'forbidden',
    en: ({ provider }) => `This is not a genuine message of the payment provider ${provider}.`,
    de: ({ provider }) => `Das ist keine echte Nachricht des Zahlungsdienstes ${provider}.`,
    advice: ({ why }) => `The reason: ${why}.`,
  }),
  'no-line': says<{ line: number }>({
    code: 'conflict',
    en: ({ line }) => `The order has no line ${line}.`,
    de: ({ line }) => `Die Bestellung hat keine Zeile ${line}.`,
  }),
  'refund-coins': says<{ left: number }>({
    code: 'conflict',
    en: ({ left }, { whole }) => `Of this order ${whole(left)} coins are left to give back.`,
    de: ({ left }, { whole }) => `Von dieser Bestellung können noch ${whole(left)} Taler zurückgehen.`,
  }),
  'refund-pieces': says<{ line: number; left: number }>({
    code: 'conflict',
    en: ({ line, left }, { whole }) => `Of line ${line} at most ${whole(left)} pieces can go back.`,
    de: ({ line, left }, { whole }) => `Von Zeile ${line} können höchstens ${whole(left)} Stück zurückgehen.`,
    advice: () => 'Name each line once.',
  }),
  'refund-one-kind': says({
    code: 'invalid_input',
    en: () => 'Say what to give back: everything, pieces or an amount.',
    de: () => 'Sag, was zurückgeht: alles, Stücke oder ein Betrag.',
    advice: () => 'Send exactly one of everything, lines and amount.',
  }),
};

/** Of codes that are saved. */
const promoRuleRefusals = {
  'promo-too-short': says({
    code: 'invalid_input',
    en: () => 'A code has at least two characters beside spaces.',
    de: () => 'Ein Code hat mindestens zwei Zeichen außer Leerzeichen.',
  }),
  'promo-percent': says({
    code: 'invalid_input',
    en: () => 'At most 100 percent can be taken off.',
    de: () => 'Höchstens 100 Prozent können abgezogen werden.',
  }),
  'promo-ends-first': says({
    code: 'invalid_input',
    en: () => 'The code ends before it begins.',
    de: () => 'Der Code endet, bevor er beginnt.',
  }),
  'promo-used-more': says<{ code: string }>({
    code: 'conflict',
    en: ({ code }) => `${code} was used more often already: allow at least that, or switch it off.`,
    de: ({ code }) => `${code} wurde schon öfter benutzt: erlaube mindestens das, oder schalte ihn ab.`,
  }),
};

export const shopRefusals = {
  ...promoRefusals,
  ...catalogueRefusals,
  ...csvRefusals,
  ...cartRefusals,
  ...orderRefusals,
  ...paymentRefusals,
  ...promoRuleRefusals,
  'order-under-way': says<{ order: string }>({
    code: 'conflict',
    en: ({ order }) => `Order ${order} is still under way: the account can be closed when it is delivered or cancelled.`,
    de: ({ order }) => `Bestellung ${order} ist noch unterwegs: das Konto lässt sich schließen, wenn sie geliefert oder storniert ist.`,
  }),
};
