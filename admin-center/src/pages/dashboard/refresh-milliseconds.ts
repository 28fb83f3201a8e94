/** How often the dashboard's numbers are read anew: the gateway takes down its own once a minute. */
export const refreshMilliseconds = 60_000;
