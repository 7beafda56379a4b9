/** Chance, as a port, so that a whole world can be replayed from one seed. */
export interface Random {
  /** A whole number in [0, below). */
  int(below: number): number;
  /** A number in [0, 1). */
  float(): number;
  /** An identifier nobody will guess or repeat: 32 lower-case hex characters. */
  id(): string;
}
