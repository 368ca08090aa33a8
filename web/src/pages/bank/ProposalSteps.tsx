// The steps a person may take now, each with a note; a return asks for a reason, publication over a version in between asks once more.
import { useState } from 'react'
import { Link } from 'react-router-dom'
import { ApiError } from '../../api/client'
import { takeStep, type Proposal, type StepName } from '../../api/proposals'
import { Dialog } from '../../ui/Dialog'
import { Problem } from '../../ui/parts'
import { toast } from '../../ui/toasts'

interface Words { button: string; title: string; text: string; label: string; done: string; primary?: boolean }
const words: Record<StepName, Words> = {
  propose: { button: 'Send som forslag', title: 'Send som forslag', text: 'En konsulent, der ikke selv har skrevet i den, får den at se. Du kan ikke ændre den, mens den venter; du kan trække den tilbage.', label: 'Hvad er nyt? (valgfrit)', done: 'Forslaget er sendt', primary: true },
  approve: { button: 'Godkend', title: 'Godkend forslaget', text: 'Du siger god for indholdet, som det er nu. Bagefter kan det offentliggøres.', label: 'Bemærkning (valgfri)', done: 'Forslaget er godkendt', primary: true },
  return: { button: 'Send tilbage', title: 'Send forslaget tilbage', text: 'Skriv, hvad der skal ændres. Den, der har skrevet det, ser din begrundelse.', label: 'Begrundelse', done: 'Forslaget er sendt tilbage' },
  publish: { button: 'Offentliggør', title: 'Offentliggør arbejdsgangen', text: 'Den bliver den gældende version i banken, og andre myndigheder kan læse den. Sager i gang fortsætter, som de begyndte.', label: 'Note til versionen (valgfri)', done: 'Arbejdsgangen er offentliggjort', primary: true },
  withdraw: { button: 'Træk tilbage', title: 'Træk forslaget tilbage', text: 'Så kan du ændre det igen. En godkendelse gælder ikke længere.', label: 'Hvorfor? (valgfrit)', done: 'Forslaget er trukket tilbage' },
  restore: { button: 'Hent tilbage', title: '', text: '', label: '', done: 'Kladden er hentet tilbage', primary: true },
  delete: { button: 'Slet kladden', title: 'Slet kladden', text: 'Du kan hente den tilbage i 30 dage under »Alle«, tilstanden »Slettet«.', label: '', done: 'Kladden er slettet' },
}
const order: StepName[] = ['approve', 'publish', 'propose', 'restore', 'return', 'withdraw', 'delete']

export function ProposalSteps({ proposal, onDone }: { proposal: Proposal; onDone: () => void }) {
  const [asked, setAsked] = useState<StepName>()
  const [error, setError] = useState<ApiError>()
  const may = order.filter((step) => proposal.may[step])
  const take = async (step: StepName, body: Record<string, unknown>) => {
    setError(undefined)
    try {
      await takeStep(proposal.id, step, body)
      toast(words[step].done)
      setAsked(undefined)
      onDone()
    } catch (cause) { if (cause instanceof ApiError) setError(cause) }
  }
  if (may.length === 0 && !proposal.may.write) return null
  return (
    <>
      <div className="button-row">
        {may.filter((s) => words[s].primary).map((step) => <Button key={step} step={step} onClick={() => (step === 'restore' ? void take(step, {}) : setAsked(step))} />)}
        {proposal.may.write && <Link className="button button-secondary" to={`/bank/tegn/${proposal.id}`}>Tegn videre</Link>}
        {may.filter((s) => !words[s].primary).map((step) => <Button key={step} step={step} onClick={() => setAsked(step)} />)}
      </div>
      {error && !asked && <Problem error={error} />}
      {asked && <StepDialog proposal={proposal} step={asked} error={error} onTake={(body) => take(asked, body)} onClose={() => { setAsked(undefined); setError(undefined) }} />}
    </>
  )
}

function Button({ step, onClick }: { step: StepName; onClick: () => void }) {
  return <button type="button" className={`button button-${words[step].primary ? 'primary' : 'secondary'}`} onClick={onClick}>{words[step].button}</button>
}

function StepDialog({ proposal, step, error, onTake, onClose }: { proposal: Proposal; step: StepName; error?: ApiError; onTake: (body: Record<string, unknown>) => Promise<void>; onClose: () => void }) {
  const [text, setText] = useState('')
  const [over, setOver] = useState(false)
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState('')
  const { title, text: explains, label, button } = words[step]
  const behind = step === 'publish' ? proposal.behind : null
  const send = async () => {
    if (step === 'return' && !text.trim()) { setFault('Skriv en begrundelse'); return document.getElementById('step-note')?.focus() }
    if (behind && !over) return setFault(`Sæt kryds, hvis forslaget skal afløse version ${behind.version}`)
    setBusy(true)
    await onTake(step === 'return' ? { reason: text.trim(), revision: proposal.revision } : { ...(text.trim() ? { note: text.trim() } : {}), revision: proposal.revision, ...(behind ? { over: behind.version } : {}) })
    setBusy(false)
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={(e) => { e.preventDefault(); void send() }} noValidate>
        <p>{explains}</p>
        {error && <Problem error={error} />}
        {behind && <div className="form-group"><input type="checkbox" id="step-over" className="form-checkbox" checked={over} onChange={(e) => setOver(e.target.checked)} /><label className="form-label" htmlFor="step-over">Ja, det skal afløse version {behind.version}, som {behind.by ?? 'en anden'} lagde ind imellem</label></div>}
        {label && (
          <div className={`form-group ${fault ? 'form-error' : ''}`}>
            <label className="form-label" htmlFor="step-note">{label}</label>
            {fault && <span className="form-error-message" id="step-fault">{fault}</span>}
            <textarea id="step-note" className="form-input" rows={3} maxLength={3000} value={text} onChange={(e) => { setText(e.target.value); setFault('') }} aria-invalid={fault ? true : undefined} aria-describedby={fault ? 'step-fault' : undefined} />
          </div>
        )}
        <div className="button-row">
          <button type="submit" className={`button button-${step === 'delete' ? 'warning' : 'primary'}`} disabled={busy}>{busy ? 'Vent …' : button}</button>
          <button type="button" className="button button-secondary" onClick={onClose}>Fortryd</button>
        </div>
      </form>
    </Dialog>
  )
}
