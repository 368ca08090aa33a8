// /w/<number>: a link that stays when a workflow gets another name.
import { Link, Navigate, useParams } from 'react-router-dom'
import { useGet } from '../../api/load'
import { pageOf } from '../../api/understand'
import { PageTitle, Waiting } from '../../ui/parts'

export default function Permanent() {
  const { id = '' } = useParams()
  const { data, error } = useGet<{ slug: string }>(/^\d{1,15}$/.test(id) && id !== '0' ? `/api/bank/permanent/${id}` : null)
  if (data) return <Navigate to={pageOf(data.slug)} replace />
  if (!error && /^\d{1,15}$/.test(id)) return <Waiting what="arbejdsgangen" />
  return <><PageTitle title="Linket fører ingen steder hen" lead="Arbejdsgangen er taget ud af banken, eller du har ikke adgang til den.">Linket fører ingen steder hen</PageTitle><p><Link to="/bank">Gå til banken</Link></p></>
}
