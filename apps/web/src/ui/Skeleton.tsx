import { useEffect, useState } from 'react';

/** True once 150 ms have passed: what arrives sooner needs no skeleton, and a flash of one is worse than none. */
export const useLate = (): boolean => {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 150);
    return () => clearTimeout(timer);
  }, []);
  return late;
};

/** A quiet bar where words will be. `width` is a class of the spacing scale. */
export const Bar = ({ width }: { width: string }) => <span className={`block h-3 rounded-bar bg-sunken ${width}`} />;
