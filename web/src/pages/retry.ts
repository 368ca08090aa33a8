// Retrying incidents, one or all. A job without retries gets one first; then the incident is resolved.
import { ApiError, search, write } from '../api/client'
import type { Incident, Page } from '../api/types'

export interface Progress { done: number; failed: number; total: number; finished: boolean; problem?: ApiError }

export async function retryIncident(incident: Incident): Promise<ApiError | null> {
  try {
    if (incident.jobKey && Number(incident.jobKey) > 0 && incident.errorType === 'JOB_NO_RETRIES') await write('PATCH', `/v2/jobs/${incident.jobKey}`, { changeset: { retries: 3 } })
    await write('POST', `/v2/incidents/${incident.incidentKey}/resolution`)
    return null
  } catch (cause) {
    if (!(cause instanceof ApiError)) throw cause
    return cause.status === 404 || cause.status === 409 ? null : cause // somebody else was faster
  }
}

/** All incidents that are active now, four at a time; those that fail again meanwhile are not tried twice. */
export async function retryAll(report: (progress: Progress) => void): Promise<void> {
  const progress: Progress = { done: 0, failed: 0, total: 0, finished: false }
  const seen = new Set<string>()
  const wanted: Incident[] = []
  for (let from = 0; ; from += 200) {
    const page = await search<Page<Incident>>('incidents', { state: 'ACTIVE' }, { limit: 200, from })
    const fresh = page.items.filter((i) => !seen.has(i.incidentKey))
    fresh.forEach((i) => { seen.add(i.incidentKey); wanted.push(i) })
    if (page.items.length < 200 || fresh.length === 0) break
  }
  progress.total = wanted.length
  report({ ...progress })
  const worker = async () => {
    for (let incident = wanted.shift(); incident; incident = wanted.shift()) {
      const problem = await retryIncident(incident)
      if (problem) { progress.failed++; progress.problem ??= problem }
      progress.done++
      report({ ...progress })
    }
  }
  await Promise.all([worker(), worker(), worker(), worker()])
  report({ ...progress, finished: true })
}
