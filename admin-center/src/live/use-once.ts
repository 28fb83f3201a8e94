import { useEffect, useState } from "react";

/** Reads something once, before there is a session to listen with; undefined until it came, and where it did not. */
export function useOnce<Data>(read: () => Promise<Data>): Data | undefined {
  const [data, setData] = useState<Data>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: once
  useEffect(() => {
    let isGone = false;
    read().then(
      (came) => {
        if (!isGone) setData(came);
      },
      // What it would have added is left out of the page; the page's own calls say what is wrong.
      () => {},
    );
    return () => {
      isGone = true;
    };
  }, []);
  return data;
}
