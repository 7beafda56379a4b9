/** Why the shop refuses, in the reader's words: a sentence for each reason in every language. */
import type { ShopReasons } from '#modules/shop/api/reasons.ts';
import type { Refusals } from '#web/refusals/refusal-table.ts';

export const shopRefusals: Refusals<ShopReasons> = {
  'no-product': {
    en: () => 'There is no such product.',
    de: () => 'Diesen Artikel gibt es nicht.',
  },
  'no-variant': {
    en: () => 'This article is not sold here.',
    de: () => 'Dieser Artikel wird hier nicht verkauft.',
  },
  'no-order': {
    en: () => 'There is no such order.',
    de: () => 'Diese Bestellung gibt es nicht.',
  },
  'no-promo': {
    en: ({ code }) => `There is no code ${code}.`,
    de: ({ code }) => `Den Code ${code} gibt es nicht.`,
  },
  'cart-empty': {
    en: () => 'The cart is empty.',
    de: () => 'Der Korb ist leer.',
  },
  'cart-full': {
    en: ({ most }) => `A cart holds at most ${most} different articles: order these first.`,
    de: ({ most }) => `In einen Korb passen höchstens ${most} verschiedene Artikel: bestell diese zuerst.`,
  },
  'no-longer-sold': {
    en: () => 'Something in the cart is no longer sold: take it out.',
    de: () => 'Etwas im Korb wird nicht mehr verkauft: nimm es heraus.',
  },
  'sold-out': {
    en: () => 'Something in the cart is sold out by now: look at it again.',
    de: () => 'Etwas im Korb ist inzwischen ausverkauft: sieh ihn noch einmal an.',
  },
  'few-left': {
    en: ({ left }, { whole }) => `Of something in the cart only ${whole(left)} are left: look at it again.`,
    de: ({ left }, { whole }) => `Von etwas im Korb sind nur noch ${whole(left)} da: sieh ihn noch einmal an.`,
  },
  'total-changed': {
    en: ({ total }, { whole }) => `Prices have changed: the cart comes to ${whole(total)} coins by now. Look at it again.`,
    de: ({ total }, { whole }) => `Preise haben sich geändert: der Korb kostet jetzt ${whole(total)} Taler. Sieh ihn noch einmal an.`,
  },
  'coins-short': {
    en: ({ total, available }, { whole }) => `The order costs ${whole(total)} coins, and there are ${whole(available)} in your wallet.`,
    de: ({ total, available }, { whole }) => `Die Bestellung kostet ${whole(total)} Taler, und in deinem Beutel sind ${whole(available)}.`,
  },
  'coins-only': {
    en: () => 'Only coins are taken here.',
    de: () => 'Hier wird nur in Talern bezahlt.',
  },
  'state-cannot': {
    en: () => 'The order has moved on meanwhile: this cannot follow any more.',
    de: () => 'Die Bestellung ist inzwischen weiter: das kann jetzt nicht mehr folgen.',
  },
  'too-late-to-cancel': {
    en: () => 'The order is on its way already and cannot be cancelled: ask for a refund.',
    de: () => 'Die Bestellung ist schon unterwegs und lässt sich nicht mehr stornieren: bitte um eine Erstattung.',
  },
  'waits-for-no-payment': {
    en: () => 'This order waits for no payment any more.',
    de: () => 'Diese Bestellung wartet auf keine Zahlung mehr.',
  },
  'never-paid': {
    en: () => 'The order was never paid: there is nothing to give back.',
    de: () => 'Die Bestellung wurde nie bezahlt: es gibt nichts zurückzugeben.',
  },
  'payment-mismatch': {
    en: () => 'The payment is not what the order costs.',
    de: () => 'Die Zahlung ist nicht das, was die Bestellung kostet.',
  },
  'no-line': {
    en: ({ line }) => `The order has no line ${line}.`,
    de: ({ line }) => `Die Bestellung hat keine Zeile ${line}.`,
  },
  'refund-coins': {
    en: ({ left }, { whole }) => `Of this order ${whole(left)} coins are left to give back.`,
    de: ({ left }, { whole }) => `Von dieser Bestellung können noch ${whole(left)} Taler zurückgehen.`,
  },
  'refund-pieces': {
    en: ({ line, left }, { whole }) => `Of line ${line} at most ${whole(left)} pieces can go back.`,
    de: ({ line, left }, { whole }) => `Von Zeile ${line} können höchstens ${whole(left)} Stück zurückgehen.`,
  },
  'refund-one-kind': {
    en: () => 'Say what to give back: everything, pieces or an amount.',
    de: () => 'Sag, was zurückgeht: alles, Stücke oder ein Betrag.',
  },
  'no-category': {
    en: ({ category }) => `There is no department ${category}.`,
    de: ({ category }) => `Die Abteilung ${category} gibt es nicht.`,
  },
  'variant-twice': {
    en: () => 'Two variants have the same article number: give each its own.',
    de: () => 'Zwei Größen haben dieselbe Artikelnummer: gib jeder ihre eigene.',
  },
  'variant-of-another': {
    en: ({ variant, product }) => `${variant} belongs to the product ${product}: give the new one a number of its own.`,
    de: ({ variant, product }) => `${variant} gehört zum Artikel ${product}: gib der neuen eine eigene Nummer.`,
  },
  'no-pieces': {
    en: () => 'Say how many pieces came in, or fewer than 0 for what was lost.',
    de: () => 'Sag, wie viele Stück hereinkamen, oder unter 0, was verloren ging.',
  },
  'pieces-left': {
    en: ({ variant, most }, { whole }) => `Of ${variant} at most ${whole(most)} pieces can be taken away.`,
    de: ({ variant, most }, { whole }) => `Von ${variant} können höchstens ${whole(most)} Stück weggenommen werden.`,
  },
  'promo-too-short': {
    en: () => 'A code has at least two characters beside spaces.',
    de: () => 'Ein Code hat mindestens zwei Zeichen außer Leerzeichen.',
  },
  'promo-percent': {
    en: () => 'At most 100 percent can be taken off.',
    de: () => 'Höchstens 100 Prozent können abgezogen werden.',
  },
  'promo-ends-first': {
    en: () => 'The code ends before it begins.',
    de: () => 'Der Code endet, bevor er beginnt.',
  },
  'promo-used-more': {
    en: ({ code }) => `${code} was used more often already: allow at least that, or switch it off.`,
    de: ({ code }) => `${code} wurde schon öfter benutzt: erlaube mindestens das, oder schalte ihn ab.`,
  },
  'promo-unknown': {
    en: () => 'There is no such promo code: check its spelling.',
    de: () => 'Diesen Gutscheincode gibt es nicht: sieh nach, wie er geschrieben ist.',
  },
  'promo-not-yet': {
    en: ({ code, from }, { date }) => `${code} is valid from ${date(from)} on.`,
    de: ({ code, from }, { date }) => `${code} gilt erst ab ${date(from)}.`,
  },
  'promo-over': {
    en: ({ code }) => `${code} is no longer valid.`,
    de: ({ code }) => `${code} gilt nicht mehr.`,
  },
  'promo-used-up': {
    en: ({ code }) => `${code} has been used up.`,
    de: ({ code }) => `${code} ist aufgebraucht.`,
  },
  'promo-used-by-you': {
    en: ({ code, times }) =>
      times === 1 ? `You have used ${code} before, and once is all.` : `You have used ${code} ${times} times, and that is all.`,
    de: ({ code, times }) =>
      times === 1
        ? `Du hast ${code} schon benutzt, und er gilt einmal.`
        : `Du hast ${code} schon ${times}-mal benutzt, öfter gilt er nicht.`,
  },
  'promo-minimum': {
    en: ({ code, coins }, { whole }) => `${code} is for orders of at least ${whole(coins)} coins.`,
    de: ({ code, coins }, { whole }) => `${code} gilt für Bestellungen ab ${whole(coins)} Talern.`,
  },
  'csv-empty': {
    en: () => 'The file holds no products: add a row for each variant.',
    de: () => 'In der Datei stehen keine Artikel: eine Zeile für jede Größe.',
  },
  'csv-too-long': {
    en: ({ most }, { whole }) => `The file has more than ${whole(most)} rows: send it in parts.`,
    de: ({ most }, { whole }) => `Die Datei hat mehr als ${whole(most)} Zeilen: schick sie in Teilen.`,
  },
  'csv-columns': {
    en: ({ columns }) => `must name these columns, too: ${columns}`,
    de: ({ columns }) => `muss auch diese Spalten nennen: ${columns}`,
  },
  'csv-row': {
    en: () => 'cannot be read: a quote may be missing',
    de: () => 'ist nicht zu lesen: vielleicht fehlt ein Anführungszeichen',
  },
  'csv-field': {
    en: ({ column, value }) => `${column} cannot be “${value}”`,
    de: ({ column, value }) => `${column} kann nicht „${value}“ sein`,
  },
  'csv-variant-twice': {
    en: ({ variant }) => `${variant} is in the file already`,
    de: ({ variant }) => `${variant} steht schon in der Datei`,
  },
  'csv-differs': {
    en: ({ column, product }) => `${column} differs from an earlier row of ${product}`,
    de: ({ column, product }) => `${column} ist anders als in einer früheren Zeile von ${product}`,
  },
  'csv-variants': {
    en: ({ product, most }) => `${product} has more than ${most} variants`,
    de: ({ product, most }) => `${product} hat mehr als ${most} Größen`,
  },
};
