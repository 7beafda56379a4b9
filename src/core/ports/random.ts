/** Random numbers, as a port, so that a whole run can be replayed from one seed. */
export interface Random {
  /** A whole number in [0, below). */
  int(below: number): number;
  /** A number in [0, 1). */
  float(): number;
  /** A unique identifier that cannot be guessed: 32 lower-case hex characters. */
  id(): string;
}
