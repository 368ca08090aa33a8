// The browser's own modal dialog: holds the focus inside, closes on Escape and gives the focus back.
import { useEffect, useId, useRef, type ReactNode } from 'react'
import { Icon } from './Icon'

export function Dialog({ title, onClose, children, className = '' }: { title: string; onClose: () => void; children: ReactNode; className?: string }) {
  const element = useRef<HTMLDialogElement>(null)
  const id = useId()
  const opener = useRef<Element | null>(null)
  useEffect(() => {
    const dialog = element.current
    opener.current = document.activeElement
    if (dialog && !dialog.open) dialog.showModal()
    return () => {
      dialog?.close()
      if (opener.current instanceof HTMLElement && opener.current.isConnected) opener.current.focus()
    }
  }, [])
  return (
    <dialog ref={element} className={`dialog ${className}`} aria-labelledby={id} onCancel={(e) => { e.preventDefault(); onClose() }}
      onClick={(e) => { if (e.target === element.current) onClose() }}>
      <div className="dialog-inner">
        <div className="dialog-top">
          <h2 id={id}>{title}</h2>
          <button type="button" className="function-link" onClick={onClose}><Icon name="close" />Luk</button>
        </div>
        {children}
      </div>
    </dialog>
  )
}

/** Asks once before something that cannot be undone, naming what goes; tone primary: it can, or repeats what was. */
export function Confirm({ title, children, action, busy, tone = 'warning', onConfirm, onClose }: { title: string; children: ReactNode; action: string; busy?: boolean; tone?: 'warning' | 'primary'; onConfirm: () => void; onClose: () => void }) {
  return (
    <Dialog title={title} onClose={onClose}>
      {children}
      <div className="button-row">
        <button type="button" className={`button button-${tone}`} disabled={busy} onClick={onConfirm}>{busy ? 'Vent …' : action}</button>
        <button type="button" className="button button-secondary" onClick={onClose}>Fortryd</button>
      </div>
    </Dialog>
  )
}
