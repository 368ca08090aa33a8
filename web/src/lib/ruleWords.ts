// Words of the rules' pages.
import type { ModelDecision } from '../api/decisions'
import { humanise } from './format'

/** The chip that shows how the decisions hang together; what stands in the address. */
export const wholeGraph = 'sammenhaeng'
export const titleOf = (decision: Pick<ModelDecision, 'name' | 'label'>): string => humanise(decision.label || decision.name)

const policies: Record<string, string> = {
  UNIQUE: 'Højst én regel må passe', ANY: 'Flere regler må passe, hvis de giver samme svar', PRIORITY: 'Den regel, hvis svar står først på listen over svar, gælder', FIRST: 'Den første regel, der passer, gælder',
  'RULE ORDER': 'Alle regler, der passer, giver svar, i reglernes rækkefølge', 'OUTPUT ORDER': 'Alle regler, der passer, giver svar, efter listen over svar', COLLECT: 'Alle regler, der passer, giver svar',
}
export const policyWords = (policy: string | undefined): string => policies[policy ?? ''] ?? ''
