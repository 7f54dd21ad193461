/** What is used of jstat, which comes without types. */
declare module 'jstat' {
  const jStat: {
    readonly studentt: {
      /** Quantile of Student's t distribution. */
      readonly inv: (probability: number, degreesOfFreedom: number) => number;
    };
  };
  export default jStat;
}
