// The filter of a list lies in the address: a changed one begins at the first page again.
import { useSearchParams } from 'react-router-dom'

export function useAddressFilter() {
  const [params, setParams] = useSearchParams()
  const change = (values: Record<string, string>) => {
    const next = new URLSearchParams(params)
    for (const [name, value] of Object.entries(values)) if (value) next.set(name, value)
      else next.delete(name)
    if (!('fra' in values)) next.delete('fra')
    setParams(next, { preventScrollReset: true })
  }
  return { params, setParams, change }
}
