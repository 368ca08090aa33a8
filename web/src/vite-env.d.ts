/// <reference types="vite/client" />
declare module 'dmn-js/lib/NavigatedViewer' {
  interface View { type: string; id?: string; name?: string; element: { id: string; name?: string } }
  export default class NavigatedViewer {
    constructor(options: { container: HTMLElement; drd?: object; decisionTable?: object; literalExpression?: object })
    importXML(xml: string, options?: { open?: boolean }): Promise<{ warnings: unknown[] }>
    getViews(): View[]
    open(view: View): Promise<{ warnings: unknown[] }>
    getActiveViewer(): { get(name: 'canvas'): { zoom(level: 'fit-viewport' | number): void } } | undefined
    destroy(): void
  }
}
declare module 'bpmn-moddle' {
  export class BpmnModdle { constructor(packages?: Record<string, unknown>) }
}
