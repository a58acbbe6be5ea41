/**
 * A time as the official provider keeps it in the state: in the form of Go's `time.Time.String`.
 * @param iso e.g. `2026-01-02T03:04:05Z`; none gives Go's zero time
 * @returns e.g. `2026-01-02 03:04:05 +0000 UTC`
 */
export function goTimestamp(iso: string | null | undefined): string {
  if (!iso) return "0001-01-01 00:00:00 +0000 UTC";
  const [date, time] = new Date(iso).toISOString().slice(0, -1).split("T");
  return `${date} ${time?.replace(/\.?0+$/, "")} +0000 UTC`;
}
