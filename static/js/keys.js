// Keys of the review page, as its legend lists them. Each stands for a link or a button of the page, so nothing is lost
// without them; whoever is disturbed by them turns them off in the legend.
'use strict';
{
    const OFF = 'keys-off';
    const legend = document.getElementById('keys');
    const box = legend.querySelector('input');
    const stored = (read, otherwise) => { try { return read(localStorage); } catch { return otherwise; } };

    const follow = (name) => document.querySelector(`[data-key="${name}"]`)?.click();
    const goTo = (selector) => {
        const field = document.querySelector(selector);
        field?.scrollIntoView({ block: 'center' });
        field?.focus({ preventScroll: true });
    };
    const DOES = {
        j: () => follow('next'), n: () => follow('next'),
        k: () => follow('previous'), p: () => follow('previous'),
        l: () => follow('list'), e: () => follow('edit'),
        s: () => goTo('.step input[type=submit]'),
        r: () => goTo('#return_to_draft select'),
        '?': () => { legend.open = !legend.open; },
    };

    box.checked = stored((kept) => kept.getItem(OFF) !== '1', true);
    box.addEventListener('change', () => {
        stored((kept) => box.checked ? kept.removeItem(OFF) : kept.setItem(OFF, '1'));
    });
    legend.hidden = false;

    document.addEventListener('keydown', (event) => {
        const isTyped = event.target.closest('textarea, select, [contenteditable], input:not([type=submit], [type=checkbox])');
        if (!box.checked || isTyped || event.defaultPrevented || event.repeat || event.isComposing) return;
        if (event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(DOES, event.key)) return;
        event.preventDefault();
        DOES[event.key]();
    });
}
