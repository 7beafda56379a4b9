/** A flight number's schedule and fares: of a new one, or of one to change. */
import type { FlightService, ServiceInput } from '#modules/flights/api/admin/contracts.ts';
import { RequestFailure } from '#web/api/api.ts';
import { browser } from '#web/browser.ts';
import { CheckField, Form, TextField, type Typed } from '#web/design/form.tsx';
import { Sheet } from '#web/design/sheet.tsx';
import { useToasts } from '#web/design/toasts.tsx';
import { useFormats, useWords } from '#web/language/language.ts';
import { todayAt } from '../local-times.ts';
import { useDayTexts } from '../use-airports.ts';
import { clockOfMinute, minuteOfClock } from './minutes.ts';
import { saveService } from './sources.ts';
import { useFlightsAdminWords } from './words.ts';

const weekdays = [1, 2, 3, 4, 5, 6, 7];

export function ServiceForm({
  service,
  onSaved,
  onCancel,
}: {
  service: FlightService | undefined;
  onSaved: () => void;
  onCancel: () => void;
}) {
  const { timetable: words } = useFlightsAdminWords();
  const { house } = useWords();
  const formats = useFormats();
  const tell = useToasts();

  const save = async (typed: Typed, form: HTMLFormElement) => {
    const input = inputOf(typed);
    if (input.weekdays.length === 0) throw new RequestFailure(400, words.chooseDay);
    const { number, flights } = await saveService(service?.number ?? typed('number').toUpperCase(), input);
    form.reset();
    tell('good', words.saved(number, formats.whole(flights)));
    onSaved();
  };
  return (
    <Sheet title={service === undefined ? words.add : words.edit(service.number)} padded>
      <Form
        submit={house.save}
        onSubmit={save}
        beside={
          service !== undefined && (
            <button type="button" className="button button-plain" onClick={onCancel}>
              {house.cancel}
            </button>
          )
        }
      >
        {service === undefined && (
          <TextField
            label={words.number}
            name="number"
            hint={words.numberHint}
            pattern="[A-Za-z][A-Za-z0-9][1-9][0-9]{0,3}"
            maxLength={6}
            spellCheck={false}
          />
        )}
        <Route service={service} />
        <Weekdays chosen={service?.weekdays ?? weekdays} />
        <Fares service={service} />
        <div className="form-pair">
          <TextField label={words.firstDay} name="firstDay" type="date" defaultValue={service?.firstDay ?? todayAt(browser.now())} />
          <TextField
            label={words.lastDay}
            name="lastDay"
            type="date"
            required={false}
            hint={words.noEnd}
            defaultValue={service?.lastDay ?? ''}
          />
        </div>
        <p className="label">{words.rules}</p>
      </Form>
    </Sheet>
  );
}

function inputOf(typed: Typed): ServiceInput {
  return {
    from: typed('from').toUpperCase(),
    to: typed('to').toUpperCase(),
    departsMinute: minuteOfClock(typed('departs')),
    durationMinutes: Number(typed('durationMinutes')),
    weekdays: weekdays.filter((weekday) => typed(`weekday-${weekday}`) !== ''),
    aircraft: typed('aircraft').trim(),
    economyBase: Number(typed('economyBase')),
    businessBase: typed('businessBase') === '' ? null : Number(typed('businessBase')),
    firstDay: typed('firstDay'),
    lastDay: typed('lastDay') === '' ? null : typed('lastDay'),
  };
}

function Route({ service }: { service: FlightService | undefined }) {
  const { timetable: words } = useFlightsAdminWords();
  const airport = { maxLength: 3, pattern: '[A-Za-z]{3}', spellCheck: false, hint: words.airportHint };
  return (
    <>
      <div className="form-pair">
        <TextField {...airport} label={words.from} name="from" defaultValue={service?.from} />
        <TextField {...airport} label={words.to} name="to" defaultValue={service?.to} />
      </div>
      <div className="form-pair">
        <TextField
          label={words.departs}
          name="departs"
          type="time"
          defaultValue={service === undefined ? '' : clockOfMinute(service.departsMinute)}
        />
        <TextField
          label={words.duration}
          name="durationMinutes"
          type="number"
          min={20}
          max={1_320}
          step={1}
          defaultValue={service?.durationMinutes}
        />
      </div>
    </>
  );
}

function Weekdays({ chosen }: { chosen: readonly number[] }) {
  const { timetable: words } = useFlightsAdminWords();
  const days = useDayTexts();
  return (
    <fieldset>
      <legend className="label">{words.weekdays}</legend>
      <div className="checks">
        {weekdays.map((weekday) => (
          <CheckField key={weekday} label={days.weekday(weekday)} name={`weekday-${weekday}`} defaultChecked={chosen.includes(weekday)} />
        ))}
      </div>
    </fieldset>
  );
}

function Fares({ service }: { service: FlightService | undefined }) {
  const { timetable: words } = useFlightsAdminWords();
  const coins = { type: 'number', min: 1, max: 100_000, step: 1 } as const;
  return (
    <>
      <TextField label={words.aircraft} name="aircraft" minLength={2} maxLength={40} defaultValue={service?.aircraft} />
      <div className="form-pair">
        <TextField {...coins} label={words.economyBase} name="economyBase" defaultValue={service?.economyBase} />
        <TextField
          {...coins}
          label={words.businessBase}
          name="businessBase"
          required={false}
          hint={words.noBusiness}
          defaultValue={service?.businessBase ?? ''}
        />
      </div>
    </>
  );
}
