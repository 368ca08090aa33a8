// dkfds's icons, bundled one by one.
import alert from '../../node_modules/dkfds/dist/img/svg-icons/warning.svg?raw'
import back from '../../node_modules/dkfds/dist/img/svg-icons/arrow-back.svg?raw'
import close from '../../node_modules/dkfds/dist/img/svg-icons/close.svg?raw'
import error from '../../node_modules/dkfds/dist/img/svg-icons/error.svg?raw'
import file from '../../node_modules/dkfds/dist/img/svg-icons/document.svg?raw'
import forward from '../../node_modules/dkfds/dist/img/svg-icons/arrow-forward.svg?raw'
import help from '../../node_modules/dkfds/dist/img/svg-icons/help.svg?raw'
import info from '../../node_modules/dkfds/dist/img/svg-icons/info.svg?raw'
import lock from '../../node_modules/dkfds/dist/img/svg-icons/lock.svg?raw'
import menu from '../../node_modules/dkfds/dist/img/svg-icons/menu.svg?raw'
import minus from '../../node_modules/dkfds/dist/img/svg-icons/zoom-out.svg?raw'
import open from '../../node_modules/dkfds/dist/img/svg-icons/open-in-new.svg?raw'
import plus from '../../node_modules/dkfds/dist/img/svg-icons/zoom-in.svg?raw'
import refresh from '../../node_modules/dkfds/dist/img/svg-icons/refresh.svg?raw'
import search from '../../node_modules/dkfds/dist/img/svg-icons/search.svg?raw'
import starFill from '../../node_modules/dkfds/dist/img/svg-icons/star-fill.svg?raw'
import star from '../../node_modules/dkfds/dist/img/svg-icons/star.svg?raw'
import success from '../../node_modules/dkfds/dist/img/svg-icons/success.svg?raw'
import trash from '../../node_modules/dkfds/dist/img/svg-icons/delete.svg?raw'
import fit from '../../node_modules/dkfds/dist/img/svg-icons/fullscreen.svg?raw'
import print from '../../node_modules/dkfds/dist/img/svg-icons/print.svg?raw'
import download from '../../node_modules/dkfds/dist/img/svg-icons/download.svg?raw'

const icons = { alert, back, close, error, file, forward, help, info, lock, menu, minus, open, plus, refresh, search, starFill, star, success, trash, fit, print, download }
export type IconName = keyof typeof icons

/** Decorative unless `label` says what it means. */
export function Icon({ name, label, className = '' }: { name: IconName; label?: string; className?: string }) {
  const inner = icons[name].replace(/^[\s\S]*?<svg[^>]*>/, '').replace(/<\/svg>\s*$/, '')
  const viewBox = /viewBox="([^"]+)"/.exec(icons[name])?.[1] ?? '0 0 24 24'
  return (
    <svg className={`icon-svg ${className}`} viewBox={viewBox} focusable="false" role={label ? 'img' : undefined} aria-label={label}
      aria-hidden={label ? undefined : true} dangerouslySetInnerHTML={{ __html: inner }} />
  )
}
