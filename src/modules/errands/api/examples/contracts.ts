/** Orders of a demonstration, placed with one click. */
import { Type } from 'typebox';
import { contract } from '#http/contract.ts';
import { exampleNames } from '../../demo/examples.ts';
import { Order, OrderInput } from '../orders/schemas.ts';

const tags = ['errands'];
const Name = Type.Enum([...exampleNames]);

export const listExamples = contract({
  method: 'GET',
  path: '/api/errands/examples',
  tags,
  summary: 'Orders that this demonstration offers as examples',
  access: 'anyone',
  response: { 200: Type.Object({ examples: Type.Array(Type.Object({ name: Name, order: OrderInput })) }) },
});

export const orderExample = contract({
  method: 'POST',
  path: '/api/errands/examples/:name',
  tags,
  summary: 'Order one of the examples',
  description: 'One that runs already is answered again: there is at most one of each.',
  access: 'account',
  params: Type.Object({ name: Name }),
  response: { 200: Order },
});
