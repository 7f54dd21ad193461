/**
 * Diffusion of news through a community (M3): F. M. Bass, "A new product growth for model consumer durables",
 * Management Science 15 (1969). Innovators come by themselves at rate p, imitators at rate q times the share
 * that has come already. Only the shape is used; the textbook's rates are per year.
 */

/** Share of the community that has come after `seconds`, for rates per second. */
export function bassCdf(seconds: number, p: number, q: number): number {
  const decay = Math.exp(-(p + q) * seconds);
  return (1 - decay) / (1 + (q / p) * decay);
}

/** Seconds after which a share in [0, 1) has come; the inverse of `bassCdf`. */
export function bassQuantile(share: number, p: number, q: number): number {
  return Math.log((1 + (share * q) / p) / (1 - share)) / (p + q);
}
