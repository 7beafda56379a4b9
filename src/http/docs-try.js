/** "Try it" on /api/docs: a form for each operation, made when it is asked for, that sends the request and shows the answer. */

let loading;
/** The OpenAPI document, once; after a failure, again. */
function loadDocument() {
  loading ??= fetch('/api/openapi.json')
    .then((answer) => answer.json())
    .catch((error) => {
      loading = undefined;
      throw error;
    });
  return loading;
}

const maxShownCharacters = 20_000;

for (const button of document.querySelectorAll('button.try')) {
  button.hidden = false;
  button.addEventListener('click', () => open(button));
}
for (const base of document.querySelectorAll('.base')) base.textContent = location.origin;

async function open(button) {
  const { method, path } = button.dataset;
  button.disabled = true;
  const { paths } = await loadDocument().finally(() => {
    button.disabled = false;
  });
  button.hidden = true;
  const operation = paths[path][method.toLowerCase()];
  const form = document.createElement('form');
  form.className = 'trial';
  const inputs = (operation.parameters ?? []).map((parameter) => ({ parameter, input: addField(form, parameter) }));
  const [mediaType, content] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
  const body = mediaType === undefined ? undefined : addBody(form, mediaType, content.example);
  const token = operation.security.some(({ accessToken }) => accessToken)
    ? addInput(form, 'Access token; without one, you are who is logged in here', '')
    : undefined;
  const send = document.createElement('button');
  send.textContent = 'Send';
  const output = document.createElement('pre');
  output.setAttribute('aria-live', 'polite');
  output.hidden = true;
  form.append(send, output);
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    send.disabled = true;
    output.hidden = false;
    output.textContent = '…';
    output.textContent = await answerTo(requestOf(method, path, inputs, body?.value, mediaType, token?.value)).catch(String);
    send.disabled = false;
  });
  button.after(form);
  (form.querySelector('input, textarea') ?? send).focus();
}

function addField(form, { name, in: place, required, example }) {
  const value = name === 'idempotency-key' ? crypto.randomUUID() : required || place === 'path' ? String(example) : '';
  const input = addInput(form, `${name} (${place})`, value);
  input.required = required === true || place === 'path';
  return input;
}

function addInput(form, label, value) {
  const input = document.createElement('input');
  input.value = value;
  input.autocomplete = 'off';
  return labelled(form, label, input);
}

function addBody(form, mediaType, example) {
  const area = document.createElement('textarea');
  area.value = typeof example === 'string' ? example : JSON.stringify(example, undefined, 2);
  area.rows = Math.min(16, area.value.split('\n').length + 1);
  area.spellcheck = false;
  return labelled(form, `Body (${mediaType})`, area);
}

function labelled(form, text, field) {
  const label = document.createElement('label');
  label.append(text, field);
  form.append(label);
  return field;
}

function requestOf(method, path, inputs, body, mediaType, token) {
  let address = path;
  const query = new URLSearchParams();
  const headers = {};
  for (const { parameter, input } of inputs) {
    const { value } = input;
    if (parameter.in === 'path') address = address.replace(`{${parameter.name}}`, encodeURIComponent(value));
    else if (value === '') continue;
    else if (parameter.in === 'query') query.append(parameter.name, value);
    else headers[parameter.name] = value;
  }
  if (body !== undefined) headers['content-type'] = mediaType;
  if (token) headers.authorization = `Bearer ${token}`;
  return { address: `${address}${query.size > 0 ? `?${query}` : ''}`, init: { method, headers, body, redirect: 'manual' } };
}

async function answerTo({ address, init }) {
  const began = performance.now();
  // Some answers never end.
  const answer = await fetch(address, { ...init, signal: AbortSignal.timeout(30_000) });
  const text = await answer.text();
  const head = `${answer.status} ${answer.statusText}, ${Math.round(performance.now() - began)} ms, ${text.length} characters`;
  return `${head}\n\n${readable(text).slice(0, maxShownCharacters)}`;
}

function readable(text) {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}
