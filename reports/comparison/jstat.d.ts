/** What is used of jstat, which comes without types. */
declare module 'jstat' {
  const jStat: {
    readonly studentt: {
      /** Quantile of Student's t distribution. */
      readonly inv: (probability: number, degreesOfFreedom: number) => number;
      readonly cdf: (t: number, degreesOfFreedom: number) => number;
    };
    readonly normal: { readonly cdf: (value: number, mean: number, standardDeviation: number) => number };
    readonly beta: {
      /** Quantile of the beta distribution. */
      readonly inv: (probability: number, alpha: number, beta: number) => number;
    };
  };
  export default jStat;
}
