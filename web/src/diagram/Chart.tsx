// A stacked bar chart in ECharts. Patterns beside colours, so colour is never the only sign. Loaded only where a chart is shown.
import { BarChart } from 'echarts/charts'
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import { init, use as register, type EChartsType } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'
import { formatClock, formatDay, formatNumber } from '../lib/format'

register([BarChart, GridComponent, TooltipComponent, LegendComponent, SVGRenderer])

const tones = {
  auto: { color: '#0059b3' },
  person: { color: '#b95000', decal: { color: 'rgba(255,255,255,0.55)', dashArrayX: [1, 0], dashArrayY: [3, 5], rotation: -Math.PI / 4 } },
  rejected: { color: '#565656', decal: { color: 'rgba(255,255,255,0.6)', symbol: 'circle', symbolSize: 0.8, dashArrayX: [[6, 6], [0, 6, 6, 0]], dashArrayY: [6, 0] } },
}
export interface Series { name: string; tone: keyof typeof tones; values: number[] }

export default function Chart({ days, series, label, unit, hours = false, stacked = true }: { days: string[]; series: Series[]; label: string; unit: string; hours?: boolean; stacked?: boolean }) {
  const box = useRef<HTMLDivElement>(null)
  const chart = useRef<EChartsType | null>(null)
  useEffect(() => {
    if (!box.current) return
    const made = init(box.current, null, { renderer: 'svg' })
    chart.current = made
    const observer = new ResizeObserver(() => made.resize())
    observer.observe(box.current)
    return () => { observer.disconnect(); made.dispose(); chart.current = null }
  }, [])
  useEffect(() => {
    const text = { fontFamily: "'IBM Plex Sans', sans-serif", fontSize: 13, color: '#1a1a1a' }
    chart.current?.setOption({
      animation: false,
      textStyle: text,
      grid: { left: 8, right: 8, top: 40, bottom: 8, containLabel: true },
      legend: { top: 0, left: 0, textStyle: text, selectedMode: false },
      tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' }, textStyle: text, valueFormatter: (v: unknown) => `${formatNumber(Number(v))} ${unit}` },
      xAxis: { type: 'category', data: days.map((d) => (hours ? formatClock(d) : formatDay(d))), axisTick: { show: false }, axisLabel: { color: '#454545', hideOverlap: true } },
      yAxis: { type: 'value', minInterval: 1, axisLabel: { color: '#454545', formatter: (v: number) => formatNumber(v) }, splitLine: { lineStyle: { color: '#dcdcdc' } } },
      series: series.map((s) => ({ type: 'bar', name: s.name, stack: stacked ? 'alle' : undefined, data: s.values, itemStyle: tones[s.tone], barMaxWidth: 32 })),
    }, { notMerge: true })
  }, [days, series, unit, hours, stacked])
  return <div ref={box} className="chart" role="img" aria-label={label} />
}
