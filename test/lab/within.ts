/**
 * What a promise resolves to, if it does within `limit` milliseconds. Otherwise rejects and says
 * what was waited for; that does not end the work behind the promise.
 */
export async function within<T>(limit: number, what: string, promise: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const seconds = Math.round(limit / 1000);
  const timer = setTimeout(() => late.reject(new Error(`Waited ${seconds} s for ${what}, and gave up`)), limit);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
