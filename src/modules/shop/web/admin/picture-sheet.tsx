/** The picture of a product: put, replaced or taken away. Without one, the shop draws one. */
import type { AdminProduct } from '#modules/shop/api/admin/goods-contracts.ts';
import type { maxPictureBytes } from '#modules/shop/api/admin/pictures-contracts.ts';
import { RequestFailure } from '#web/api/api.ts';
import { Form, TextField, type Typed } from '#web/design/form.tsx';
import { Sheet } from '#web/design/sheet.tsx';
import { useToasts } from '#web/design/toasts.tsx';
import { useWords } from '#web/language/language.ts';
import { useFailureText } from '#web/refusals/use-refusals.ts';
import { pictureOf } from '../sources.ts';
import { pictureTypes, putPicture, removePicture } from './sources.ts';
import { useShopAdminWords } from './words.ts';

const maxBytes: typeof maxPictureBytes = 524_288;

export function PictureSheet({ product: { id, picture }, onChange }: { product: AdminProduct; onChange: () => void }) {
  const { picture: words } = useShopAdminWords();
  const { house } = useWords();
  const tell = useToasts();
  const failureText = useFailureText();

  const send = async (_typed: Typed, form: HTMLFormElement) => {
    const file = new FormData(form).get('picture');
    if (!(file instanceof File)) return;
    const type = pictureTypes.find((known) => known === file.type);
    if (type === undefined) throw new RequestFailure(400, words.hint);
    if (file.size > maxBytes) throw new RequestFailure(413, words.tooLarge);
    await putPicture(id, file, type);
    form.reset();
    onChange();
    tell('good', house.saved);
  };
  const remove = async () => {
    try {
      await removePicture(id);
      onChange();
    } catch (failure) {
      tell('bad', failureText(failure));
    }
  };
  return (
    <Sheet title={words.title} padded>
      <div className="admin-pair">
        <img className="picture admin-picture" src={pictureOf(id, picture)} alt="" width="160" height="160" />
        <Form
          submit={words.put}
          plain
          onSubmit={send}
          beside={
            picture !== null && (
              <button type="button" className="button" onClick={remove}>
                {words.remove}
              </button>
            )
          }
        >
          <TextField label={words.file} name="picture" type="file" accept={pictureTypes.join(',')} hint={words.hint} />
        </Form>
      </div>
    </Sheet>
  );
}
