/** The options of the shop. */
import { matching, oneOf, wholeNumber } from '#core/options/kinds.ts';
import { type OptionTable, option, optional } from '#core/options/option.ts';

export const shopOptions = {
  shopTax: option({
    name: 'SHOP_TAX',
    group: 'Shop',
    kind: oneOf('included', 'added'),
    default: 'included',
    doc: 'Whether prices in the shop contain the tax, or it is added at checkout. Orders keep what was the rule when they were made.',
  }),
  shopReservationMinutes: option({
    name: 'SHOP_RESERVATION_MINUTES',
    group: 'Shop',
    kind: wholeNumber({ min: 1, max: 1_440 }),
    default: '15',
    doc: 'How long goods are kept for a cart that asked for it, or for an order that waits for its payment, in minutes.',
  }),
  shopDemoGoods: option({
    name: 'SHOP_DEMO_GOODS',
    group: 'Shop',
    kind: oneOf('auto', 'on', 'off'),
    default: 'auto',
    doc: 'Whether an empty shop is filled with two hundred products to look at. `auto` does so in a demonstration (see DEMO).',
  }),
  shopTestPayments: option({
    name: 'SHOP_TEST_PAYMENTS',
    group: 'Shop',
    kind: oneOf('auto', 'on', 'off'),
    default: 'auto',
    doc: 'Whether orders can be paid through a provider that moves no money, beside coins. `auto` offers it in a demonstration (see DEMO); elsewhere it gives goods away.',
  }),
  shopPaymentSecret: optional({
    name: 'SHOP_PAYMENT_SECRET',
    group: 'Shop',
    kind: matching(/^[!-~]{16,200}$/, 'text of 16 to 200 visible ASCII characters'),
    secret: true,
    doc: 'What the payment provider signs its messages with. Left out, each process makes one of its own: give it where several run.',
  }),
} as const satisfies OptionTable;
