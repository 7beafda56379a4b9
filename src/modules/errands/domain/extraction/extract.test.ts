/** Extraction from pages of every kind, and pages and expressions that mean no good. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { checkExtraction } from './check-extraction.ts';
import { contentKey } from './content-key.ts';
import { extract } from './extract.ts';
import type { Extraction, ExtractionKind, Page } from './extraction.ts';
import { numberIn } from './numbers.ts';
import { readPage } from './read-page.ts';
import { renderedText } from './rendered-text.ts';

const page = (body: string | Uint8Array, contentType = 'text/html; charset=utf-8'): Page => ({
  body: Buffer.from(body as string),
  contentType,
});
const want = (kind: ExtractionKind, expression: string, more: Partial<Extraction> = {}): Extraction => ({ kind, expression, ...more });

const shop = page(`<!doctype html><title>Tea</title><h1>Black&nbsp;tea</h1><table id=t><tr><td>Assam<td class="price now">1.234,56 &euro;
<tr><td>Ceylon<td class=price>7,20 €</table><a href="/more?x=1&amp;y=2">more</a><!-- no --><p>unclosed<p>again`);
const feed = page(
  `<?xml version="1.0" encoding="UTF-8"?><rss xmlns:g="urn:g"><channel><item><title>One</title><g:price>12.50 USD</g:price><link>http://x/1</link>
   <description><![CDATA[<b>bold</b>]]></description></item><item><title>Two</title></item></channel></rss>`,
  'application/rss+xml',
);
const data = page('{"rates":[{"name":"EUR","rate":1.0825},{"name":"GBP","rate":"0,85"}],"deep":{"a":{"rate":3}}}', 'application/json');

describe('extraction', () => {
  const cases: readonly (readonly [string, Page, Extraction, string | null, number | undefined])[] = [
    ['CSS', shop, want('css', 'td.price'), '1.234,56 €', 1_234.56],
    ['CSS of a browser, with the body of the table', shop, want('css', '#t > tbody > tr:nth-child(2) > td.price'), '7,20 €', 7.2],
    ['CSS and an attribute', shop, want('css', 'a', { attribute: 'href' }), '/more?x=1&y=2', 1],
    ['all by CSS', shop, want('css', 'td:first-child', { all: true }), 'Assam\nCeylon', undefined],
    ['CSS without a match', shop, want('css', '.nothing'), null, undefined],
    ['CSS with :has', shop, want('css', 'tr:has(.now) td'), 'Assam', undefined],
    ['XPath of a browser', shop, want('xpath', '/html/body/table/tbody/tr[2]/td[2]'), '7,20 €', 7.2],
    ['XPath in capitals', shop, want('xpath', '//TD[contains(@class,"now")]'), '1.234,56 €', 1_234.56],
    ['an attribute by XPath', shop, want('xpath', '//a/@href'), '/more?x=1&y=2', 1],
    ['a count by XPath', shop, want('xpath', 'count(//td)'), '4', 4],
    ['a text by XPath', shop, want('xpath', 'normalize-space(//td[last()])'), '1.234,56 €', 1_234.56],
    ['axes of XPath', shop, want('xpath', '//td[.="Ceylon"]/following-sibling::td'), '7,20 €', 7.2],
    ['an id by XPath', shop, want('xpath', 'id("t")//td[1]'), 'Assam', undefined],
    ['a union in the order of the page', shop, want('xpath', '//a | //h1 | //title', { all: true }), 'Tea\nBlack tea\nmore', undefined],
    ['comments by XPath', shop, want('xpath', '//comment()'), 'no', undefined],
    ['XPath without a match', shop, want('xpath', '//video'), null, undefined],
    ['a feed by CSS', feed, want('css', 'item > title', { all: true }), 'One\nTwo', undefined],
    ['a link of a feed', feed, want('css', 'item link'), 'http://x/1', 1],
    ['a prefix of a feed', feed, want('xpath', '//g:price'), '12.50 USD', 12.5],
    ['a prefix of a feed by CSS', feed, want('css', 'g\\:price'), '12.50 USD', 12.5],
    ['JSONPath', data, want('jsonpath', '$.rates[0].rate'), '1.0825', 1.0825],
    ['a filter of JSONPath', data, want('jsonpath', '$.rates[?@.name=="GBP"].rate'), '0,85', 0.85],
    ['all by JSONPath', data, want('jsonpath', '$..rate', { all: true }), '1.0825\n0,85\n3', undefined],
    ['an object by JSONPath', data, want('jsonpath', '$.deep'), '{"a":{"rate":3}}', 3],
    ['JSONPath without a match', data, want('jsonpath', '$.no'), null, undefined],
    ['a group of a regular expression', shop, want('regex', '(?i)ceylon<td class=price>([0-9,]+)'), '7,20', 7.2],
    ['a whole match', shop, want('regex', '[0-9],[0-9]{2} €'), '7,20 €', 7.2],
    ['a regular expression without a match', shop, want('regex', 'zzz'), null, undefined],
  ];
  for (const [name, from, extraction, value, number] of cases) {
    it(`finds ${name}`, async () => {
      assert.equal((await checkExtraction(extraction)).kind, 'valid');
      const found = extract(from, extraction);
      assert.equal(found.problem, undefined);
      assert.equal(found.value, value);
      assert.equal(found.number, number);
    });
  }

  it('refuses what is not valid when it is ordered, and says why', async () => {
    const wrong: readonly Extraction[] = [
      want('css', 'td['),
      want('css', 'td:no-such-thing'),
      want('css', ''),
      want('css', 'a', { attribute: 'on click' }),
      want('xpath', '//td['),
      want('xpath', 'no-such-function(//td)'),
      want('xpath', '//a', { attribute: 'href' }),
      want('jsonpath', 'rates'),
      want('jsonpath', '$['),
      want('regex', '(a'),
      want('regex', '(a)\\1'),
      want('regex', '(?=a)'),
      want('regex', 'a'.repeat(1_001)),
    ];
    for (const extraction of wrong) {
      const checked = await checkExtraction(extraction);
      assert.ok(checked.kind === 'refused' && checked.says.length > 20, JSON.stringify(extraction));
    }
  });

  it('reads charsets by their mark, header or declaration', () => {
    const price = want('css', 'p');
    const latin = Buffer.from('<p>7 \xa3 caf\xe9', 'latin1');
    for (const [body, contentType] of [
      [latin, 'text/html; charset=ISO-8859-1'],
      [latin, 'text/html'],
      [Buffer.concat([Buffer.from('<meta charset="windows-1252">'), latin]), 'text/html; charset=no-such'],
      [Buffer.from('\ufeff<p>7 £ café'), 'text/html; charset=latin1'],
      [Buffer.from('\ufeff<p>7 £ café', 'utf16le'), 'text/html'],
    ] as const)
      assert.equal(extract({ body, contentType }, price).value, '7 £ café');
  });

  it('says why it could not look into a page', () => {
    assert.equal(extract(page('<'), want('jsonpath', '$')).problem, 'not_json');
    assert.equal(extract(page('<p>'.padEnd(3 * 1024 * 1024)), want('css', 'p')).problem, 'page_too_large');
    assert.equal(extract(page('<div>'.repeat(200_000)), want('css', 'p')).problem, 'page_too_deep');
    assert.equal(extract(page('<a>'.repeat(200_000), 'text/xml'), want('xpath', '//p')).problem, 'page_too_deep');
    assert.equal(extract(page(`${'['.repeat(100_000)}${']'.repeat(100_000)}`), want('jsonpath', '$..a')).problem, 'expression_failed');
  });

  it('takes time by the size of the page, not by the expression', () => {
    const startedMs = performance.now();
    assert.equal(extract(page('a'.repeat(20_000)), want('regex', '(a+)+$b')).value, null);
    assert.ok(performance.now() - startedMs < 5_000);
  });

  it('takes any page', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom('<p>', '<table>', '</b>', '<b>', '<svg><style>', '<select>', '<!--', '<![CDATA[', '&', '<td x=1'),
    );
    fc.assert(
      fc.property(fc.array(piece), fc.constantFrom('text/html', 'text/xml', 'application/json', ''), (pieces, contentType) => {
        const any = page(pieces.join(''), contentType);
        for (const extraction of [want('css', 'p b'), want('xpath', '//b/..'), want('jsonpath', '$..x'), want('regex', 'b.')])
          extract(any, extraction);
        renderedText(any);
      }),
    );
  });
});

describe('numbers', () => {
  const cases: readonly (readonly [string, number | undefined, ('.' | ',')?])[] = [
    ['1.234,56 €', 1_234.56],
    ['€1,234.56', 1_234.56],
    ['$ -1,234', -1_234],
    ['−5 %', -5],
    ['- 5', -5],
    ['1 234 567,8', 1_234_567.8],
    ["CHF 1'234.50", 1_234.5],
    ['1.234 €', 1_234],
    ['1.234', 1.234],
    ['1.234', 1_234, ','],
    ['1,234', 1_234],
    ['1,234', 1.234, ','],
    ['0,123', 0.123],
    ['1.234.567', 1_234_567],
    ['12.5', 12.5],
    ['12,50', 12.5],
    ['42', 42],
    ['1e5', 100_000],
    ['price: 7', 7],
    ['12 345 6', 12_345],
    ['99.90 EUR', 99.9],
    ['EUR 99,90', 99.9],
    ['x2 for 3', 3],
    ['no number', undefined],
    ['', undefined],
    [`${' '.repeat(600)}7`, undefined],
  ];
  for (const [text, number, decimal] of cases)
    it(`reads ${JSON.stringify(text.slice(0, 20))} as ${number}`, () => assert.equal(numberIn(text, decimal), number));

  it('reads back what it was written as', () => {
    const format = {
      de: new Intl.NumberFormat('de', { minimumFractionDigits: 2 }),
      en: new Intl.NumberFormat('en', { minimumFractionDigits: 2 }),
    };
    fc.assert(
      fc.property(fc.integer({ min: -99_999_999, max: 99_999_999 }), fc.constantFrom('de', 'en'), (cents, language: 'de' | 'en') => {
        assert.equal(numberIn(format[language].format(cents / 100)), cents / 100 || 0);
      }),
    );
  });
});

describe('the text of a page', () => {
  it('is what people see', () => {
    const text = renderedText(
      page(`<title>no</title><style>no</style><h1>Tea  of
        today</h1><ul><li>one<li>two <b>bold</b></ul><table><tr><td>a<td>b<tr><td>c</table><pre>  kept
    as it is</pre><p hidden>no<p>line<br>next<script>no</script><img alt="a cup">`),
    );
    assert.equal(text, 'Tea of today\none\ntwo bold\na b\nc\n  kept\n    as it is\nline\nnext a cup');
  });

  it('is null for pictures, and the text itself for texts', () => {
    assert.equal(renderedText(page('x', 'image/png')), null);
    assert.equal(renderedText(page('a\nb', 'text/plain')), 'a\nb');
  });
});

describe('the key of a content', () => {
  it('differs with what was extracted, and with nothing else', () => {
    const price = want('css', 'p');
    const key = (body: string) => readPage(page(body), price).key;
    assert.equal(key('<p>7'), key('<b>other</b><p> 7 '));
    assert.notEqual(key('<p>7'), key('<p>8'));
    assert.notEqual(key('<p></p>'), key(''));
  });

  it('differs with the text that people see, and not with scripts and white space', () => {
    const key = (body: string, type?: string) => contentKey(page(body, type), undefined, { value: null });
    assert.equal(key('<p>a b<script>1</script>'), key('<div><p>a   b</div><script>2</script>'));
    assert.notEqual(key('<p>a b'), key('<p>a c'));
    assert.notEqual(key('a', 'image/png'), key('b', 'image/png'));
  });
});
