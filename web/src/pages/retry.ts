// Retrying one incident. A job without retries gets some first; then the incident is resolved. Many: api/drift.ts.
import { ApiError, write } from '../api/client'
import type { Incident } from '../api/types'

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
