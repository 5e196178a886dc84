import{a as Ns,b as Hs,c as zr}from"./chunk-MS7FLPL7.js";import"./chunk-I7AUKTXE.js";function F(t,e,...i){let r=document.createElement(t);for(let[a,s]of Object.entries(e??{}))s===!1||s===void 0||s===null||(typeof s=="function"?r.addEventListener(a.slice(2),s):r.setAttribute(a,s===!0?"":String(s)));return r.append(...i.filter(a=>!!a||a==="")),r}var wi=class{addEventListener(){}removeEventListener(){}dispatchEvent(){return!0}},Mi=class extends wi{},Li=class extends Mi{constructor(){super(...arguments),this.role=null}},Zr=class{observe(){}unobserve(){}disconnect(){}},Fs={createElement:function(){return new Vt.HTMLElement},createElementNS:function(){return new Vt.HTMLElement},addEventListener(){},removeEventListener(){},dispatchEvent(t){return!1}},Vt={ResizeObserver:Zr,document:Fs,Node:Mi,Element:Li,HTMLElement:class extends Li{constructor(){super(...arguments),this.innerHTML=""}get content(){return new Vt.DocumentFragment}},DocumentFragment:class extends wi{},customElements:{get:function(){},define:function(){},whenDefined:function(){}},localStorage:{getItem(t){return null},setItem(t,e){},removeItem(t){}},CustomEvent:function(){},getComputedStyle:function(){},navigator:{languages:[],get userAgent(){return""}},matchMedia(t){return{matches:!1,media:t}},DOMParser:class{parseFromString(e,i){return{body:{textContent:e}}}}},$s="global"in globalThis&&globalThis?.global===globalThis||typeof window>"u"||typeof window.customElements>"u",Bs=Object.keys(Vt).every(t=>t in globalThis),l=$s&&!Bs?Vt:globalThis,W=$s&&!Bs?Fs:globalThis.document;var h={MEDIA_PLAY_REQUEST:"mediaplayrequest",MEDIA_PAUSE_REQUEST:"mediapauserequest",MEDIA_MUTE_REQUEST:"mediamuterequest",MEDIA_UNMUTE_REQUEST:"mediaunmuterequest",MEDIA_LOOP_REQUEST:"medialooprequest",MEDIA_VOLUME_REQUEST:"mediavolumerequest",MEDIA_SEEK_REQUEST:"mediaseekrequest",MEDIA_AIRPLAY_REQUEST:"mediaairplayrequest",MEDIA_ENTER_FULLSCREEN_REQUEST:"mediaenterfullscreenrequest",MEDIA_EXIT_FULLSCREEN_REQUEST:"mediaexitfullscreenrequest",MEDIA_PREVIEW_REQUEST:"mediapreviewrequest",MEDIA_ENTER_PIP_REQUEST:"mediaenterpiprequest",MEDIA_EXIT_PIP_REQUEST:"mediaexitpiprequest",MEDIA_ENTER_CAST_REQUEST:"mediaentercastrequest",MEDIA_EXIT_CAST_REQUEST:"mediaexitcastrequest",MEDIA_SHOW_TEXT_TRACKS_REQUEST:"mediashowtexttracksrequest",MEDIA_HIDE_TEXT_TRACKS_REQUEST:"mediahidetexttracksrequest",MEDIA_SHOW_SUBTITLES_REQUEST:"mediashowsubtitlesrequest",MEDIA_DISABLE_SUBTITLES_REQUEST:"mediadisablesubtitlesrequest",MEDIA_TOGGLE_SUBTITLES_REQUEST:"mediatogglesubtitlesrequest",MEDIA_PLAYBACK_RATE_REQUEST:"mediaplaybackraterequest",MEDIA_RENDITION_REQUEST:"mediarenditionrequest",MEDIA_AUDIO_TRACK_REQUEST:"mediaaudiotrackrequest",MEDIA_SEEK_TO_LIVE_REQUEST:"mediaseektoliverequest",REGISTER_MEDIA_STATE_RECEIVER:"registermediastatereceiver",UNREGISTER_MEDIA_STATE_RECEIVER:"unregistermediastatereceiver"},w={MEDIA_CHROME_ATTRIBUTES:"mediachromeattributes",MEDIA_CONTROLLER:"mediacontroller"},Xr={MEDIA_AIRPLAY_UNAVAILABLE:"mediaAirplayUnavailable",MEDIA_AUDIO_TRACK_ENABLED:"mediaAudioTrackEnabled",MEDIA_AUDIO_TRACK_LIST:"mediaAudioTrackList",MEDIA_AUDIO_TRACK_UNAVAILABLE:"mediaAudioTrackUnavailable",MEDIA_BUFFERED:"mediaBuffered",MEDIA_CAST_UNAVAILABLE:"mediaCastUnavailable",MEDIA_CHAPTERS_CUES:"mediaChaptersCues",MEDIA_CURRENT_TIME:"mediaCurrentTime",MEDIA_DURATION:"mediaDuration",MEDIA_ENDED:"mediaEnded",MEDIA_ERROR:"mediaError",MEDIA_ERROR_CODE:"mediaErrorCode",MEDIA_ERROR_MESSAGE:"mediaErrorMessage",MEDIA_FULLSCREEN_UNAVAILABLE:"mediaFullscreenUnavailable",MEDIA_HAS_PLAYED:"mediaHasPlayed",MEDIA_HEIGHT:"mediaHeight",MEDIA_IS_AIRPLAYING:"mediaIsAirplaying",MEDIA_IS_CASTING:"mediaIsCasting",MEDIA_IS_FULLSCREEN:"mediaIsFullscreen",MEDIA_IS_PIP:"mediaIsPip",MEDIA_LOADING:"mediaLoading",MEDIA_MUTED:"mediaMuted",MEDIA_LOOP:"mediaLoop",MEDIA_PAUSED:"mediaPaused",MEDIA_PIP_UNAVAILABLE:"mediaPipUnavailable",MEDIA_PLAYBACK_RATE:"mediaPlaybackRate",MEDIA_PREVIEW_CHAPTER:"mediaPreviewChapter",MEDIA_PREVIEW_COORDS:"mediaPreviewCoords",MEDIA_PREVIEW_IMAGE:"mediaPreviewImage",MEDIA_PREVIEW_TIME:"mediaPreviewTime",MEDIA_RENDITION_LIST:"mediaRenditionList",MEDIA_RENDITION_SELECTED:"mediaRenditionSelected",MEDIA_RENDITION_UNAVAILABLE:"mediaRenditionUnavailable",MEDIA_SEEKABLE:"mediaSeekable",MEDIA_STREAM_TYPE:"mediaStreamType",MEDIA_SUBTITLES_LIST:"mediaSubtitlesList",MEDIA_SUBTITLES_SHOWING:"mediaSubtitlesShowing",MEDIA_TARGET_LIVE_WINDOW:"mediaTargetLiveWindow",MEDIA_TIME_IS_LIVE:"mediaTimeIsLive",MEDIA_VOLUME:"mediaVolume",MEDIA_VOLUME_LEVEL:"mediaVolumeLevel",MEDIA_VOLUME_UNAVAILABLE:"mediaVolumeUnavailable",MEDIA_LANG:"mediaLang",MEDIA_WIDTH:"mediaWidth"},Ws=Object.entries(Xr),n=Ws.reduce((t,[e,i])=>(t[e]=i.toLowerCase(),t),{}),Bo={USER_INACTIVE_CHANGE:"userinactivechange",BREAKPOINTS_CHANGE:"breakpointchange",BREAKPOINTS_COMPUTED:"breakpointscomputed"},Ze=Ws.reduce((t,[e,i])=>(t[e]=i.toLowerCase(),t),{...Bo}),lc=Object.entries(Ze).reduce((t,[e,i])=>{let r=n[e];return r&&(t[i]=r),t},{userinactivechange:"userinactive"}),Vs=Object.entries(n).reduce((t,[e,i])=>{let r=Ze[e];return r&&(t[i]=r),t},{userinactive:"userinactivechange"}),j={SUBTITLES:"subtitles",CAPTIONS:"captions",DESCRIPTIONS:"descriptions",CHAPTERS:"chapters",METADATA:"metadata"},Oe={DISABLED:"disabled",HIDDEN:"hidden",SHOWING:"showing"};var Ri={MOUSE:"mouse",PEN:"pen",TOUCH:"touch"},ee={UNAVAILABLE:"unavailable",UNSUPPORTED:"unsupported"},ie={LIVE:"live",ON_DEMAND:"on-demand",UNKNOWN:"unknown"};var Ks={INLINE:"inline",FULLSCREEN:"fullscreen",PICTURE_IN_PICTURE:"picture-in-picture"};var Gs=new WeakMap,Jr=t=>{let e=Gs.get(t);return e||Gs.set(t,e=new Set),e},qs=new l.ResizeObserver(t=>{for(let e of t)for(let i of Jr(e.target))i(e)});function Di(t,e){Jr(t).add(e),qs.observe(t)}function Ci(t,e){let i=Jr(t);i.delete(e),i.size||qs.unobserve(t)}function V(t){let e={};for(let i of t)e[i.name]=i.value;return e}function Ys(t){var e;return(e=Wo(t))!=null?e:Ue(t,"media-controller")}function Wo(t){var e;let{MEDIA_CONTROLLER:i}=w,r=t.getAttribute(i);if(r)return(e=Ko(t))==null?void 0:e.getElementById(r)}var xi=(t,e,i=".value")=>{let r=t.querySelector(i);r&&(r.textContent=e)},Vo=(t,e)=>{let i=`slot[name="${e}"]`,r=t.shadowRoot.querySelector(i);return r?r.children:[]},Oi=(t,e)=>Vo(t,e)[0],fe=(t,e)=>!t||!e?!1:t?.contains(e)?!0:fe(t,e.getRootNode().host),Ue=(t,e)=>{if(!t)return null;let i=t.closest(e);return i||Ue(t.getRootNode().host,e)};function jr(t=document){var e;let i=t?.activeElement;return i?(e=jr(i.shadowRoot))!=null?e:i:null}function Ko(t){var e;let i=(e=t?.getRootNode)==null?void 0:e.call(t);return i instanceof ShadowRoot||i instanceof Document?i:null}function Ui(t,{depth:e=3,checkOpacity:i=!0,checkVisibilityCSS:r=!0}={}){if(t.checkVisibility)return t.checkVisibility({checkOpacity:i,checkVisibilityCSS:r});let a=t;for(;a&&e>0;){let s=getComputedStyle(a);if(i&&s.opacity==="0"||r&&s.visibility==="hidden"||s.display==="none")return!1;a=a.parentElement,e--}return!0}function Qs(t,e,i,r){let a=r.x-i.x,s=r.y-i.y,o=a*a+s*s;if(o===0)return 0;let d=((t-i.x)*a+(e-i.y)*s)/o;return Math.max(0,Math.min(1,d))}function C(t,e){let i=Go(t,r=>r===e);return i||ea(t,e)}function Go(t,e){var i,r;let a;for(a of(i=t.querySelectorAll("style:not([media])"))!=null?i:[]){let s;try{s=(r=a.sheet)==null?void 0:r.cssRules}catch{continue}for(let o of s??[])if(e(o.selectorText))return o}}function ea(t,e){var i,r;let a=(i=t.querySelectorAll("style:not([media])"))!=null?i:[],s=a?.[a.length-1];if(!s?.sheet)return console.warn("Media Chrome: No style sheet found on style tag of",t),{style:{setProperty:()=>{},removeProperty:()=>"",getPropertyValue:()=>""}};let o=s?.sheet.insertRule(`${e}{}`,s.sheet.cssRules.length);return(r=s.sheet.cssRules)==null?void 0:r[o]}function x(t,e,i=Number.NaN){let r=t.getAttribute(e);return r!=null?+r:i}function H(t,e,i){let r=+i;if(i==null||Number.isNaN(r)){t.hasAttribute(e)&&t.removeAttribute(e);return}x(t,e,void 0)!==r&&t.setAttribute(e,`${r}`)}function T(t,e){return t.hasAttribute(e)}function S(t,e,i){if(i==null){t.hasAttribute(e)&&t.removeAttribute(e);return}T(t,e)!=i&&t.toggleAttribute(e,i)}function R(t,e,i=null){var r;return(r=t.getAttribute(e))!=null?r:i}function L(t,e,i){if(i==null){t.hasAttribute(e)&&t.removeAttribute(e);return}let r=`${i}`;R(t,e,void 0)!==r&&t.setAttribute(e,r)}var zs=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},ce=(t,e,i)=>(zs(t,e,"read from private field"),i?i.call(t):e.get(t)),qo=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},Pi=(t,e,i,r)=>(zs(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),Z;function Yo(t){return`
    <style>
      :host {
        display: var(--media-control-display, var(--media-gesture-receiver-display, inline-block));
        box-sizing: border-box;
      }
    </style>
  `}var mt=class extends l.HTMLElement{constructor(){if(super(),qo(this,Z,void 0),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=V(this.attributes);this.shadowRoot.innerHTML=this.constructor.getTemplateHTML(e)}}static get observedAttributes(){return[w.MEDIA_CONTROLLER,n.MEDIA_PAUSED]}attributeChangedCallback(e,i,r){var a,s,o,d,c;e===w.MEDIA_CONTROLLER&&(i&&((s=(a=ce(this,Z))==null?void 0:a.unassociateElement)==null||s.call(a,this),Pi(this,Z,null)),r&&this.isConnected&&(Pi(this,Z,(o=this.getRootNode())==null?void 0:o.getElementById(r)),(c=(d=ce(this,Z))==null?void 0:d.associateElement)==null||c.call(d,this)))}connectedCallback(){var e,i;this.tabIndex=-1,this.setAttribute("aria-hidden","true"),Pi(this,Z,Qo(this)),this.getAttribute(w.MEDIA_CONTROLLER)&&((i=(e=ce(this,Z))==null?void 0:e.associateElement)==null||i.call(e,this)),ce(this,Z)&&(ce(this,Z).addEventListener("pointerdown",this),ce(this,Z).addEventListener("click",this),ce(this,Z).hasAttribute("tabindex")||(ce(this,Z).tabIndex=0))}disconnectedCallback(){var e,i,r,a;this.getAttribute(w.MEDIA_CONTROLLER)&&((i=(e=ce(this,Z))==null?void 0:e.unassociateElement)==null||i.call(e,this)),(r=ce(this,Z))==null||r.removeEventListener("pointerdown",this),(a=ce(this,Z))==null||a.removeEventListener("click",this),Pi(this,Z,null)}handleEvent(e){var i;let r=(i=e.composedPath())==null?void 0:i[0];if(["video","media-controller"].includes(r?.localName)){if(e.type==="pointerdown")this._pointerType=e.pointerType;else if(e.type==="click"){let{clientX:s,clientY:o}=e,{left:d,top:c,width:I,height:f}=this.getBoundingClientRect(),_=s-d,p=o-c;if(_<0||p<0||_>I||p>f||I===0&&f===0)return;let m=this._pointerType||"mouse";if(this._pointerType=void 0,m===Ri.TOUCH){this.handleTap(e);return}else if(m===Ri.MOUSE||m===Ri.PEN){this.handleMouseClick(e);return}}}}get mediaPaused(){return T(this,n.MEDIA_PAUSED)}set mediaPaused(e){S(this,n.MEDIA_PAUSED,e)}handleTap(e){}handleMouseClick(e){let i=this.mediaPaused?h.MEDIA_PLAY_REQUEST:h.MEDIA_PAUSE_REQUEST;this.dispatchEvent(new l.CustomEvent(i,{composed:!0,bubbles:!0}))}};Z=new WeakMap;mt.shadowRootOptions={mode:"open"};mt.getTemplateHTML=Yo;function Qo(t){var e;let i=t.getAttribute(w.MEDIA_CONTROLLER);return i?(e=t.getRootNode())==null?void 0:e.getElementById(i):Ue(t,"media-controller")}l.customElements.get("media-gesture-receiver")||l.customElements.define("media-gesture-receiver",mt);var ta=mt;var Zs={"Start airplay":"Start airplay","Stop airplay":"Stop airplay",Audio:"Audio",Captions:"Captions","Enable captions":"Enable captions","Disable captions":"Disable captions","Start casting":"Start casting","Stop casting":"Stop casting","Enter fullscreen mode":"Enter fullscreen mode","Exit fullscreen mode":"Exit fullscreen mode",Mute:"Mute",Unmute:"Unmute",Loop:"Loop","Enter picture in picture mode":"Enter picture in picture mode","Exit picture in picture mode":"Exit picture in picture mode",Play:"Play",Pause:"Pause","Playback rate":"Playback rate","Playback rate {playbackRate}":"Playback rate {playbackRate}",Quality:"Quality","Seek backward":"Seek backward","Seek forward":"Seek forward",Settings:"Settings",Auto:"Auto","audio player":"audio player","video player":"video player",volume:"volume",seek:"seek","closed captions":"closed captions","current playback rate":"current playback rate","playback time":"playback time","media loading":"media loading",settings:"settings","audio tracks":"audio tracks",quality:"quality",play:"play",pause:"pause",mute:"mute",unmute:"unmute","chapter: {chapterName}":"chapter: {chapterName}",live:"live",Off:"Off","start airplay":"start airplay","stop airplay":"stop airplay","start casting":"start casting","stop casting":"stop casting","enter fullscreen mode":"enter fullscreen mode","exit fullscreen mode":"exit fullscreen mode","enter picture in picture mode":"enter picture in picture mode","exit picture in picture mode":"exit picture in picture mode","seek to live":"seek to live","playing live":"playing live","seek back {seekOffset} seconds":"seek back {seekOffset} seconds","seek forward {seekOffset} seconds":"seek forward {seekOffset} seconds","Network Error":"Network Error","Decode Error":"Decode Error","Source Not Supported":"Source Not Supported","Encryption Error":"Encryption Error","A network error caused the media download to fail.":"A network error caused the media download to fail.","A media error caused playback to be aborted. The media could be corrupt or your browser does not support this format.":"A media error caused playback to be aborted. The media could be corrupt or your browser does not support this format.","An unsupported error occurred. The server or network failed, or your browser does not support this format.":"An unsupported error occurred. The server or network failed, or your browser does not support this format.","The media is encrypted and there are no keys to decrypt it.":"The media is encrypted and there are no keys to decrypt it.",hour:"hour",hours:"hours",minute:"minute",minutes:"minutes",second:"second",seconds:"seconds","{time} remaining":"{time} remaining","{currentTime} of {totalTime}":"{currentTime} of {totalTime}","video not loaded, unknown time.":"video not loaded, unknown time."};var Xs,Kt={en:Zs},pt=((Xs=globalThis.navigator)==null?void 0:Xs.language)||"en",Js=t=>{pt=t};var zo=t=>{var e,i,r;let[a]=pt.split("-");return((e=Kt[pt])==null?void 0:e[t])||((i=Kt[a])==null?void 0:i[t])||((r=Kt.en)==null?void 0:r[t])||t},js=()=>{let[t]=pt.split("-");return Kt[pt]?pt:Kt[t]?t:"en"},v=(t,e={})=>zo(t).replace(/\{(\w+)\}/g,(i,r)=>r in e?String(e[r]):`{${r}}`);var sa=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},$=(t,e,i)=>(sa(t,e,"read from private field"),i?i.call(t):e.get(t)),J=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},ue=(t,e,i,r)=>(sa(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),he=(t,e,i)=>(sa(t,e,"access private method"),i),Gt,Fi,Et,gt,ft,ia,vt,Ni,ra,en,aa,tn,qt,$i,Bi,na,_t,Yt,Pe,Hi,b={AUDIO:"audio",AUTOHIDE:"autohide",BREAKPOINTS:"breakpoints",GESTURES_DISABLED:"gesturesdisabled",KEYBOARD_CONTROL:"keyboardcontrol",NO_AUTOHIDE:"noautohide",USER_INACTIVE:"userinactive",AUTOHIDE_OVER_CONTROLS:"autohideovercontrols"};function Zo(t){return`
    <style>
      
      :host([${n.MEDIA_IS_FULLSCREEN}]) ::slotted([slot=media]) {
        outline: none;
      }

      :host {
        box-sizing: border-box;
        position: relative;
        display: inline-block;
        line-height: 0;
        background-color: var(--media-background-color, #000);
        overflow: hidden;
      }

      :host(:not([${b.AUDIO}])) [part~=layer]:not([part~=media-layer]) {
        position: absolute;
        top: 0;
        left: 0;
        bottom: 0;
        right: 0;
        display: flex;
        flex-flow: column nowrap;
        align-items: start;
        pointer-events: none;
        background: none;
      }

      slot[name=media] {
        display: var(--media-slot-display, contents);
      }

      
      :host([${b.AUDIO}]) slot[name=media] {
        display: var(--media-slot-display, none);
      }

      
      :host([${b.AUDIO}]) [part~=layer][part~=gesture-layer] {
        height: 0;
        display: block;
      }

      
      :host(:not([${b.AUDIO}])[${b.GESTURES_DISABLED}]) ::slotted([slot=gestures-chrome]),
          :host(:not([${b.AUDIO}])[${b.GESTURES_DISABLED}]) media-gesture-receiver[slot=gestures-chrome] {
        display: none;
      }

      
      ::slotted(:not([slot=media]):not([slot=poster]):not(media-loading-indicator):not([role=dialog]):not([hidden])) {
        pointer-events: auto;
      }

      :host(:not([${b.AUDIO}])) *[part~=layer][part~=centered-layer] {
        align-items: center;
        justify-content: center;
      }

      :host(:not([${b.AUDIO}])) ::slotted(media-gesture-receiver[slot=gestures-chrome]),
      :host(:not([${b.AUDIO}])) media-gesture-receiver[slot=gestures-chrome] {
        align-self: stretch;
        flex-grow: 1;
      }

      slot[name=middle-chrome] {
        display: inline;
        flex-grow: 1;
        pointer-events: none;
        background: none;
      }

      
      ::slotted([slot=media]),
      ::slotted([slot=poster]) {
        width: 100%;
        height: 100%;
      }

      
      :host(:not([${b.AUDIO}])) .spacer {
        flex-grow: 1;
      }

      
      :host(:-webkit-full-screen) {
        
        width: 100% !important;
        height: 100% !important;
      }

      
      ::slotted(:not([slot=media]):not([slot=poster]):not([${b.NO_AUTOHIDE}]):not([hidden]):not([role=dialog])) {
        opacity: 1;
        transition: var(--media-control-transition-in, opacity 0.25s);
      }

      
      :host([${b.USER_INACTIVE}]:not([${n.MEDIA_PAUSED}]):not([${n.MEDIA_IS_AIRPLAYING}]):not([${n.MEDIA_IS_CASTING}]):not([${b.AUDIO}])) ::slotted(:not([slot=media]):not([slot=poster]):not([${b.NO_AUTOHIDE}]):not([role=dialog])) {
        opacity: 0;
        transition: var(--media-control-transition-out, opacity 1s);
      }

      :host([${b.USER_INACTIVE}]:not([${b.NO_AUTOHIDE}]):not([${n.MEDIA_PAUSED}]):not([${n.MEDIA_IS_CASTING}]):not([${b.AUDIO}])) ::slotted([slot=media]) {
        cursor: none;
      }

      :host([${b.USER_INACTIVE}][${b.AUTOHIDE_OVER_CONTROLS}]:not([${b.NO_AUTOHIDE}]):not([${n.MEDIA_PAUSED}]):not([${n.MEDIA_IS_CASTING}]):not([${b.AUDIO}])) * {
        --media-cursor: none;
        cursor: none;
      }


      ::slotted(media-control-bar)  {
        align-self: stretch;
      }

      
      
      :host(:not([${b.AUDIO}])[${n.MEDIA_HAS_PLAYED}]) slot[name=poster],
      :host(:not([${b.AUDIO}])[${n.MEDIA_STREAM_TYPE}="${ie.ON_DEMAND}"][${n.MEDIA_CURRENT_TIME}]:not([${n.MEDIA_CURRENT_TIME}="0"])) slot[name=poster] {
        display: none;
      }

      ::slotted([role=dialog]) {
        width: 100%;
        height: 100%;
        align-self: center;
      }

      ::slotted([role=menu]) {
        align-self: end;
      }
    </style>

    <slot name="media" part="layer media-layer"></slot>
    <slot name="poster" part="layer poster-layer"></slot>
    <slot name="gestures-chrome" part="layer gesture-layer">
      <media-gesture-receiver slot="gestures-chrome">
        <template shadowrootmode="${ta.shadowRootOptions.mode}">
          ${ta.getTemplateHTML({})}
        </template>
      </media-gesture-receiver>
    </slot>
    <span part="layer vertical-layer">
      <slot name="top-chrome" part="top chrome"></slot>
      <slot name="middle-chrome" part="middle chrome"></slot>
      <slot name="centered-chrome" part="layer centered-layer center centered chrome"></slot>
      
      <slot part="bottom chrome"></slot>
    </span>
    <slot name="dialog" part="layer dialog-layer"></slot>
  `}var Xo=Object.values(n),Jo="sm:384 md:576 lg:768 xl:960";function jo(t){rn(t.target,t.contentRect.width)}function rn(t,e){var i;if(!t.isConnected)return;let r=(i=t.getAttribute(b.BREAKPOINTS))!=null?i:Jo,a=el(r),s=tl(a,e),o=!1;if(Object.keys(a).forEach(d=>{if(s.includes(d)){t.hasAttribute(`breakpoint${d}`)||(t.setAttribute(`breakpoint${d}`,""),o=!0);return}t.hasAttribute(`breakpoint${d}`)&&(t.removeAttribute(`breakpoint${d}`),o=!0)}),o){let d=new CustomEvent(Ze.BREAKPOINTS_CHANGE,{detail:s});t.dispatchEvent(d)}t.breakpointsComputed||(t.breakpointsComputed=!0,t.dispatchEvent(new CustomEvent(Ze.BREAKPOINTS_COMPUTED,{bubbles:!0,composed:!0})))}function el(t){let e=t.split(/\s+/);return Object.fromEntries(e.map(i=>i.split(":")))}function tl(t,e){return Object.keys(t).filter(i=>e>=parseInt(t[i]))}var Xe=class extends l.HTMLElement{constructor(){if(super(),J(this,ra),J(this,aa),J(this,qt),J(this,Bi),J(this,_t),J(this,Gt,void 0),J(this,Fi,0),J(this,Et,null),J(this,gt,null),J(this,ft,void 0),this.breakpointsComputed=!1,J(this,ia,e=>{let i=this.media;for(let r of e){if(r.type!=="childList")continue;let a=r.removedNodes;for(let s of a){if(s.slot!="media"||r.target!=this)continue;let o=r.previousSibling&&r.previousSibling.previousElementSibling;if(!o||!i)this.mediaUnsetCallback(s);else{let d=o.slot!=="media";for(;(o=o.previousSibling)!==null;)o.slot=="media"&&(d=!1);d&&this.mediaUnsetCallback(s)}}if(i)for(let s of r.addedNodes)s===i&&this.handleMediaUpdated(i)}}),J(this,vt,!1),J(this,Ni,e=>{$(this,vt)||(setTimeout(()=>{jo(e),ue(this,vt,!1)},0),ue(this,vt,!0))}),J(this,Pe,void 0),J(this,Hi,()=>{if(!$(this,Pe).assignedElements({flatten:!0}).length){$(this,Et)&&this.mediaUnsetCallback($(this,Et));return}this.handleMediaUpdated(this.media)}),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=V(this.attributes),i=this.constructor.getTemplateHTML(e);this.shadowRoot.setHTMLUnsafe?this.shadowRoot.setHTMLUnsafe(i):this.shadowRoot.innerHTML=i}ue(this,Gt,new MutationObserver($(this,ia)))}static get observedAttributes(){return[b.AUTOHIDE,b.GESTURES_DISABLED].concat(Xo).filter(e=>![n.MEDIA_RENDITION_LIST,n.MEDIA_AUDIO_TRACK_LIST,n.MEDIA_CHAPTERS_CUES,n.MEDIA_WIDTH,n.MEDIA_HEIGHT,n.MEDIA_ERROR,n.MEDIA_ERROR_MESSAGE].includes(e))}attributeChangedCallback(e,i,r){e.toLowerCase()==b.AUTOHIDE&&(this.autohide=r)}get media(){let e=this.querySelector(":scope > [slot=media]");return e?.nodeName=="SLOT"&&(e=e.assignedElements({flatten:!0})[0]),e}async handleMediaUpdated(e){e&&(ue(this,Et,e),e.localName.includes("-")&&await l.customElements.whenDefined(e.localName),this.mediaSetCallback(e))}connectedCallback(){var e;$(this,Gt).observe(this,{childList:!0,subtree:!0}),Di(this,$(this,Ni));let r=this.getAttribute(b.AUDIO)!=null?v("audio player"):v("video player");this.setAttribute("role","region"),this.setAttribute("aria-label",r),this.handleMediaUpdated(this.media),this.setAttribute(b.USER_INACTIVE,""),rn(this,this.getBoundingClientRect().width);let a=this.querySelector(":scope > slot[slot=media]");a&&(ue(this,Pe,a),$(this,Pe).addEventListener("slotchange",$(this,Hi))),this.addEventListener("pointerdown",this),this.addEventListener("pointermove",this),this.addEventListener("pointerup",this),this.addEventListener("mouseleave",this),this.addEventListener("keyup",this),(e=l.window)==null||e.addEventListener("mouseup",this)}disconnectedCallback(){var e;Ci(this,$(this,Ni)),clearTimeout($(this,gt)),$(this,Gt).disconnect(),this.media&&this.mediaUnsetCallback(this.media),(e=l.window)==null||e.removeEventListener("mouseup",this),this.removeEventListener("pointerdown",this),this.removeEventListener("pointermove",this),this.removeEventListener("pointerup",this),this.removeEventListener("mouseleave",this),this.removeEventListener("keyup",this),$(this,Pe)&&($(this,Pe).removeEventListener("slotchange",$(this,Hi)),ue(this,Pe,null)),ue(this,vt,!1)}mediaSetCallback(e){}mediaUnsetCallback(e){ue(this,Et,null)}handleEvent(e){switch(e.type){case"pointerdown":ue(this,Fi,e.timeStamp);break;case"pointermove":he(this,ra,en).call(this,e);break;case"pointerup":he(this,aa,tn).call(this,e);break;case"mouseleave":he(this,qt,$i).call(this);break;case"mouseup":this.removeAttribute(b.KEYBOARD_CONTROL);break;case"keyup":he(this,_t,Yt).call(this),this.setAttribute(b.KEYBOARD_CONTROL,"");break}}set autohide(e){let i=Number(e);ue(this,ft,isNaN(i)?0:i)}get autohide(){return($(this,ft)===void 0?2:$(this,ft)).toString()}get breakpoints(){return R(this,b.BREAKPOINTS)}set breakpoints(e){L(this,b.BREAKPOINTS,e)}get audio(){return T(this,b.AUDIO)}set audio(e){S(this,b.AUDIO,e)}get gesturesDisabled(){return T(this,b.GESTURES_DISABLED)}set gesturesDisabled(e){S(this,b.GESTURES_DISABLED,e)}get keyboardControl(){return T(this,b.KEYBOARD_CONTROL)}set keyboardControl(e){S(this,b.KEYBOARD_CONTROL,e)}get noAutohide(){return T(this,b.NO_AUTOHIDE)}set noAutohide(e){S(this,b.NO_AUTOHIDE,e)}get autohideOverControls(){return T(this,b.AUTOHIDE_OVER_CONTROLS)}set autohideOverControls(e){S(this,b.AUTOHIDE_OVER_CONTROLS,e)}get userInteractive(){return T(this,b.USER_INACTIVE)}set userInteractive(e){S(this,b.USER_INACTIVE,e)}};Gt=new WeakMap;Fi=new WeakMap;Et=new WeakMap;gt=new WeakMap;ft=new WeakMap;ia=new WeakMap;vt=new WeakMap;Ni=new WeakMap;ra=new WeakSet;en=function(t){if(t.pointerType!=="mouse"&&t.timeStamp-$(this,Fi)<250)return;he(this,Bi,na).call(this),clearTimeout($(this,gt));let e=this.hasAttribute(b.AUTOHIDE_OVER_CONTROLS);([this,this.media].includes(t.target)||e)&&he(this,_t,Yt).call(this)};aa=new WeakSet;tn=function(t){if(t.pointerType==="touch"){let e=!this.hasAttribute(b.USER_INACTIVE);[this,this.media].includes(t.target)&&e?he(this,qt,$i).call(this):he(this,_t,Yt).call(this)}else t.composedPath().some(e=>["media-play-button","media-fullscreen-button"].includes(e?.localName))&&he(this,_t,Yt).call(this)};qt=new WeakSet;$i=function(){if($(this,ft)<0||this.hasAttribute(b.USER_INACTIVE))return;this.setAttribute(b.USER_INACTIVE,"");let t=new l.CustomEvent(Ze.USER_INACTIVE_CHANGE,{composed:!0,bubbles:!0,detail:!0});this.dispatchEvent(t)};Bi=new WeakSet;na=function(){if(!this.hasAttribute(b.USER_INACTIVE))return;this.removeAttribute(b.USER_INACTIVE);let t=new l.CustomEvent(Ze.USER_INACTIVE_CHANGE,{composed:!0,bubbles:!0,detail:!1});this.dispatchEvent(t)};_t=new WeakSet;Yt=function(){he(this,Bi,na).call(this),clearTimeout($(this,gt));let t=parseInt(this.autohide);t<0||ue(this,gt,setTimeout(()=>{he(this,qt,$i).call(this)},t*1e3))};Pe=new WeakMap;Hi=new WeakMap;Xe.shadowRootOptions={mode:"open"};Xe.getTemplateHTML=Zo;l.customElements.get("media-container")||l.customElements.define("media-container",Xe);var ma=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},je=(t,e,i)=>(ma(t,e,"read from private field"),i?i.call(t):e.get(t)),De=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},pa=(t,e,i,r)=>(ma(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),Je=(t,e,i)=>(ma(t,e,"access private method"),i),Vi,zt,et,Wi,oa,la,an,da,sn,ca,nn,ua,on,ha,ln;function il(t){return`
    <style>
      :host {
        font: var(--media-font,
          var(--media-font-weight, normal)
          var(--media-font-size, 14px) /
          var(--media-text-content-height, var(--media-control-height, 24px))
          var(--media-font-family, helvetica neue, segoe ui, roboto, arial, sans-serif));
        color: var(--media-text-color, var(--media-primary-color, rgb(238 238 238)));
        display: var(--media-dialog-display, inline-flex);
        justify-content: center;
        align-items: center;
        
        transition-behavior: allow-discrete;
        visibility: hidden;
        opacity: 0;
        transform: translateY(2px) scale(.99);
        pointer-events: none;
      }

      :host([open]) {
        transition: display .2s, visibility 0s, opacity .2s ease-out, transform .15s ease-out;
        visibility: visible;
        opacity: 1;
        transform: translateY(0) scale(1);
        pointer-events: auto;
      }

      #content {
        display: flex;
        position: relative;
        box-sizing: border-box;
        width: min(320px, 100%);
        word-wrap: break-word;
        max-height: 100%;
        overflow: auto;
        text-align: center;
        line-height: 1.4;
      }
    </style>
    ${this.getSlotTemplateHTML(t)}
  `}function rl(t){return`
    <slot id="content"></slot>
  `}var Qt={OPEN:"open",ANCHOR:"anchor"},Ne=class extends l.HTMLElement{constructor(){super(),De(this,Wi),De(this,la),De(this,da),De(this,ca),De(this,ua),De(this,ha),De(this,Vi,!1),De(this,zt,null),De(this,et,null)}static get observedAttributes(){return[Qt.OPEN,Qt.ANCHOR]}get open(){return T(this,Qt.OPEN)}set open(e){S(this,Qt.OPEN,e)}handleEvent(e){switch(e.type){case"invoke":Je(this,ca,nn).call(this,e);break;case"focusout":Je(this,ua,on).call(this,e);break;case"keydown":Je(this,ha,ln).call(this,e);break}}connectedCallback(){Je(this,Wi,oa).call(this),this.role||(this.role="dialog"),this.addEventListener("invoke",this),this.addEventListener("focusout",this),this.addEventListener("keydown",this)}disconnectedCallback(){this.removeEventListener("invoke",this),this.removeEventListener("focusout",this),this.removeEventListener("keydown",this)}attributeChangedCallback(e,i,r){Je(this,Wi,oa).call(this),e===Qt.OPEN&&r!==i&&(this.open?Je(this,la,an).call(this):Je(this,da,sn).call(this))}focus(){pa(this,zt,jr());let e=!this.dispatchEvent(new Event("focus",{composed:!0,cancelable:!0})),i=!this.dispatchEvent(new Event("focusin",{composed:!0,bubbles:!0,cancelable:!0}));if(e||i)return;let r=this.querySelector('[autofocus], [tabindex]:not([tabindex="-1"]), [role="menu"]');r?.focus()}get keysUsed(){return["Escape","Tab"]}};Vi=new WeakMap;zt=new WeakMap;et=new WeakMap;Wi=new WeakSet;oa=function(){if(!je(this,Vi)&&(pa(this,Vi,!0),!this.shadowRoot)){this.attachShadow(this.constructor.shadowRootOptions);let t=V(this.attributes);this.shadowRoot.innerHTML=this.constructor.getTemplateHTML(t),queueMicrotask(()=>{let{style:e}=C(this.shadowRoot,":host");e.setProperty("transition","display .15s, visibility .15s, opacity .15s ease-in, transform .15s ease-in")})}};la=new WeakSet;an=function(){var t;(t=je(this,et))==null||t.setAttribute("aria-expanded","true"),this.dispatchEvent(new Event("open",{composed:!0,bubbles:!0})),this.addEventListener("transitionend",()=>this.focus(),{once:!0})};da=new WeakSet;sn=function(){var t;(t=je(this,et))==null||t.setAttribute("aria-expanded","false"),this.dispatchEvent(new Event("close",{composed:!0,bubbles:!0}))};ca=new WeakSet;nn=function(t){pa(this,et,t.relatedTarget),fe(this,t.relatedTarget)||(this.open=!this.open)};ua=new WeakSet;on=function(t){var e;fe(this,t.relatedTarget)||((e=je(this,zt))==null||e.focus(),je(this,et)&&je(this,et)!==t.relatedTarget&&this.open&&(this.open=!1))};ha=new WeakSet;ln=function(t){var e,i,r,a,s;let{key:o,ctrlKey:d,altKey:c,metaKey:I}=t;d||c||I||this.keysUsed.includes(o)&&(t.preventDefault(),t.stopPropagation(),o==="Tab"?(t.shiftKey?(i=(e=this.previousElementSibling)==null?void 0:e.focus)==null||i.call(e):(a=(r=this.nextElementSibling)==null?void 0:r.focus)==null||a.call(r),this.blur()):o==="Escape"&&((s=je(this,zt))==null||s.focus(),this.open=!1))};Ne.shadowRootOptions={mode:"open"};Ne.getTemplateHTML=il;Ne.getSlotTemplateHTML=rl;l.customElements.get("media-chrome-dialog")||l.customElements.define("media-chrome-dialog",Ne);var al=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},He=(t,e,i)=>(al(t,e,"read from private field"),i?i.call(t):e.get(t)),dn=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},bt,At,Zt={HOTKEYS:"hotkeys"},sl=[{keys:[{key:" ",label:"Space"},{key:"k"}],description:"Toggle Playback"},{keys:[{key:"m"}],description:"Toggle mute"},{keys:[{key:"f"}],description:"Toggle fullscreen"},{keys:[{key:"c"}],description:"Toggle captions or subtitles, if available"},{keys:[{key:"p"}],description:"Toggle Picture in Picture"},{keys:[{key:"ArrowLeft",label:"←"},{key:"j"}],description:"Seek back 10s"},{keys:[{key:"ArrowRight",label:"→"},{key:"l"}],description:"Seek forward 10s"},{keys:[{key:"ArrowUp",label:"↑"}],description:"Turn volume up"},{keys:[{key:"ArrowDown",label:"↓"}],description:"Turn volume down"},{keys:[{key:"<",label:"< (SHIFT+,)"}],description:"Decrease playback rate"},{keys:[{key:">",label:"> (SHIFT+.)"}],description:"Increase playback rate"},{keys:[{key:"shift+/",label:"SHIFT+/"}],description:"Show keyboard shortcuts"}];function Gi(t){return t===" "?"nospace":`no${t.toLowerCase()}`}function nl(t){let e=new Set(t?.split(/\s+/));return sl.map(({keys:i,description:r})=>({keys:i.filter(({key:a})=>!e.has(Gi(a))),description:r})).filter(({keys:i})=>i.length)}function ol(t){return`
    <style>
      :host {
        position: fixed;
        top: 0;
        left: 0;
        z-index: 9999;
        background: rgb(20 20 30 / .8);
        backdrop-filter: blur(10px);
      }

      #content {
        display: block;
        width: clamp(400px, 40vw, 700px);
        max-width: 90vw;
        text-align: left;
      }

      h2 {
        margin: 0 0 1.5rem 0;
        font-size: 1.5rem;
        font-weight: 500;
        text-align: center;
      }

      .shortcuts-table {
        width: 100%;
        border-collapse: collapse;
      }

      .shortcuts-table tr {
        border-bottom: 1px solid rgba(255, 255, 255, 0.1);
      }

      .shortcuts-table tr:last-child {
        border-bottom: none;
      }

      .shortcuts-table td {
        padding: 0.75rem 0.5rem;
      }

      .shortcuts-table td:first-child {
        text-align: right;
        padding-right: 1rem;
        width: 40%;
        min-width: 120px;
      }

      .shortcuts-table td:last-child {
        padding-left: 1rem;
      }

      .key {
        display: inline-block;
        background: rgba(255, 255, 255, 0.15);
        border: 1px solid rgba(255, 255, 255, 0.2);
        border-radius: 4px;
        padding: 0.25rem 0.5rem;
        font-family: 'Courier New', monospace;
        font-size: 0.9rem;
        font-weight: 500;
        min-width: 1.5rem;
        text-align: center;
        margin: 0 0.2rem;
      }

      .description {
        color: rgba(255, 255, 255, 0.9);
        font-size: 0.95rem;
      }

      .key-combo {
        display: flex;
        align-items: center;
        justify-content: flex-end;
        gap: 0.3rem;
      }

      .key-separator {
        color: rgba(255, 255, 255, 0.5);
        font-size: 0.9rem;
      }
    </style>
    <slot id="content">
      ${cn(t[Zt.HOTKEYS])}
    </slot>
  `}function cn(t){return`
    <h2>Keyboard Shortcuts</h2>
    <table class="shortcuts-table">${nl(t).map(({keys:i,description:r})=>`
        <tr>
          <td>
            <div class="key-combo">${i.map(({key:s,label:o=s},d)=>d>0?`<span class="key-separator">or</span><span class="key">${o}</span>`:`<span class="key">${o}</span>`).join("")}</div>
          </td>
          <td class="description">${r}</td>
        </tr>
      `).join("")}</table>
  `}var Ki=class extends Ne{constructor(){super(...arguments),dn(this,bt,e=>{var i;if(!this.open)return;let r=(i=this.shadowRoot)==null?void 0:i.querySelector("#content");if(!r)return;let a=e.composedPath(),s=a[0]===this||a.includes(this),o=a.includes(r);s&&!o&&(this.open=!1)}),dn(this,At,e=>{if(!this.open)return;let i=e.shiftKey&&(e.key==="/"||e.key==="?");(e.key==="Escape"||i)&&!e.ctrlKey&&!e.altKey&&!e.metaKey&&(this.open=!1,e.preventDefault(),e.stopPropagation())})}static get observedAttributes(){return[...super.observedAttributes,Zt.HOTKEYS]}get hotkeys(){var e;return(e=R(this,Zt.HOTKEYS))!=null?e:void 0}set hotkeys(e){L(this,Zt.HOTKEYS,e)}connectedCallback(){super.connectedCallback(),this.open&&(this.addEventListener("click",He(this,bt)),document.addEventListener("keydown",He(this,At)))}disconnectedCallback(){this.removeEventListener("click",He(this,bt)),document.removeEventListener("keydown",He(this,At))}attributeChangedCallback(e,i,r){var a;if(super.attributeChangedCallback(e,i,r),e==="open")this.open?(this.addEventListener("click",He(this,bt)),document.addEventListener("keydown",He(this,At))):(this.removeEventListener("click",He(this,bt)),document.removeEventListener("keydown",He(this,At)));else if(e===Zt.HOTKEYS&&r!==i){let s=(a=this.shadowRoot)==null?void 0:a.querySelector("#content");s&&(s.innerHTML=cn(r))}}};bt=new WeakMap;At=new WeakMap;Ki.getSlotTemplateHTML=ol;l.customElements.get("media-keyboard-shortcuts-dialog")||l.customElements.define("media-keyboard-shortcuts-dialog",Ki);var un=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},Q=(t,e,i)=>(un(t,e,"read from private field"),i?i.call(t):e.get(t)),Xt=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},qi=(t,e,i,r)=>(un(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),Tt,St,Yi,tt,Ce,Fe,Qi=class{constructor(e,i,{defaultValue:r}={defaultValue:void 0}){Xt(this,Ce),Xt(this,Tt,void 0),Xt(this,St,void 0),Xt(this,Yi,void 0),Xt(this,tt,new Set),qi(this,Tt,e),qi(this,St,i),qi(this,Yi,new Set(r))}[Symbol.iterator](){return Q(this,Ce,Fe).values()}get length(){return Q(this,Ce,Fe).size}get value(){var e;return(e=[...Q(this,Ce,Fe)].join(" "))!=null?e:""}set value(e){var i;e!==this.value&&(qi(this,tt,new Set),this.add(...(i=e?.split(" "))!=null?i:[]))}toString(){return this.value}item(e){return[...Q(this,Ce,Fe)][e]}values(){return Q(this,Ce,Fe).values()}forEach(e,i){Q(this,Ce,Fe).forEach(e,i)}add(...e){var i,r;e.forEach(a=>Q(this,tt).add(a)),!(this.value===""&&!((i=Q(this,Tt))!=null&&i.hasAttribute(`${Q(this,St)}`)))&&((r=Q(this,Tt))==null||r.setAttribute(`${Q(this,St)}`,`${this.value}`))}remove(...e){var i;e.forEach(r=>Q(this,tt).delete(r)),(i=Q(this,Tt))==null||i.setAttribute(`${Q(this,St)}`,`${this.value}`)}contains(e){return Q(this,Ce,Fe).has(e)}toggle(e,i){return typeof i<"u"?i?(this.add(e),!0):(this.remove(e),!1):this.contains(e)?(this.remove(e),!1):(this.add(e),!0)}replace(e,i){return this.remove(e),this.add(i),e===i}};Tt=new WeakMap;St=new WeakMap;Yi=new WeakMap;tt=new WeakMap;Ce=new WeakSet;Fe=function(){return Q(this,tt).size?Q(this,tt):Q(this,Yi)};function hn(t){return t?.map(ll).join(" ")}function ll(t){if(t){let{id:e,width:i,height:r}=t;return[e,i,r].filter(a=>a!=null).join(":")}}function mn(t){return t?.map(dl).join(" ")}function dl(t){if(t){let{id:e,kind:i,language:r,label:a}=t;return[e,i,r,a].filter(s=>s!=null).join(":")}}function It(t){return typeof t=="number"&&!Number.isNaN(t)&&Number.isFinite(t)}var zi=t=>new Promise(e=>setTimeout(e,t));var cl=(t="")=>t.split(/\s+/),pn=(t="")=>{let[e,i,r]=t.split(":"),a=r?decodeURIComponent(r):void 0;return{kind:e==="cc"?j.CAPTIONS:j.SUBTITLES,language:i,label:a}},Ea=(t="",e={})=>cl(t).map(i=>{let r=pn(i);return{...e,...r}}),va=t=>t?Array.isArray(t)?t.map(e=>typeof e=="string"?pn(e):e):typeof t=="string"?Ea(t):[t]:[],ul=({kind:t,label:e,language:i}={kind:"subtitles"})=>e?`${t==="captions"?"cc":"sb"}:${i}:${encodeURIComponent(e)}`:i,Jt=(t=[])=>Array.prototype.map.call(t,ul).join(" "),hl=(t,e)=>i=>i[t]===e,En=t=>{let e=Object.entries(t).map(([i,r])=>hl(i,r));return i=>e.every(r=>r(i))},it=(t,e=[],i=[])=>{let r=va(i).map(En),a=s=>r.some(o=>o(s));Array.from(e).filter(a).forEach(s=>{s.mode=t})},rt=(t,e=()=>!0)=>{if(!t?.textTracks)return[];let i=typeof e=="function"?e:En(e);return Array.from(t.textTracks).filter(i)},vn=t=>{var e;return!!((e=t.mediaSubtitlesShowing)!=null&&e.length)||t.hasAttribute(n.MEDIA_SUBTITLES_SHOWING)};var gn=t=>{var e;let{media:i,fullscreenElement:r}=t;try{let a=r&&"requestFullscreen"in r?"requestFullscreen":r&&"webkitRequestFullScreen"in r?"webkitRequestFullScreen":void 0;if(a){let s=(e=r[a])==null?void 0:e.call(r);if(s instanceof Promise)return s.catch(()=>{})}else i?.webkitEnterFullscreen?i.webkitEnterFullscreen():i?.requestFullscreen&&i.requestFullscreen()}catch(a){console.error(a)}},fn="exitFullscreen"in W?"exitFullscreen":"webkitExitFullscreen"in W?"webkitExitFullscreen":"webkitCancelFullScreen"in W?"webkitCancelFullScreen":void 0,_n=t=>{var e;let{documentElement:i}=t;if(fn){let r=(e=i?.[fn])==null?void 0:e.call(i);if(r instanceof Promise)return r.catch(()=>{})}},jt="fullscreenElement"in W?"fullscreenElement":"webkitFullscreenElement"in W?"webkitFullscreenElement":void 0,ml=t=>{let{documentElement:e,media:i}=t,r=e?.[jt];return!r&&"webkitDisplayingFullscreen"in i&&"webkitPresentationMode"in i&&i.webkitDisplayingFullscreen&&i.webkitPresentationMode===Ks.FULLSCREEN?i:r},bn=t=>{var e;let{media:i,documentElement:r,fullscreenElement:a=i}=t;if(!i||!r)return!1;let s=ml(t);if(!s)return!1;if(s===a||s===i)return!0;if(s.localName.includes("-")){let o=s.shadowRoot;if(!(jt in o))return fe(s,a);for(;o?.[jt];){if(o[jt]===a)return!0;o=(e=o[jt])==null?void 0:e.shadowRoot}}return!1},pl="fullscreenEnabled"in W?"fullscreenEnabled":"webkitFullscreenEnabled"in W?"webkitFullscreenEnabled":void 0,An=t=>{let{documentElement:e,media:i}=t;return!!e?.[pl]||i&&"webkitSupportsFullscreen"in i};var Zi,fa=()=>{var t,e;return Zi||(Zi=(e=(t=W)==null?void 0:t.createElement)==null?void 0:e.call(t,"video"),Zi)},Tn=async(t=fa())=>{if(!t)return!1;let e=t.volume;t.volume=e/2+.1;let i=new AbortController,r=await Promise.race([El(t,i.signal),vl(t,e)]);return i.abort(),r},El=(t,e)=>new Promise(i=>{t.addEventListener("volumechange",()=>i(!0),{signal:e})}),vl=async(t,e)=>{for(let i=0;i<10;i++){if(t.volume===e)return!1;await zi(10)}return t.volume!==e},fl=/.*Version\/.*Safari\/.*/.test(l.navigator.userAgent),ga=(t=fa())=>l.matchMedia("(display-mode: standalone)").matches&&fl?!1:typeof t?.requestPictureInPicture=="function",_a=(t=fa())=>An({documentElement:W,media:t}),Sn=_a(),In=ga(),yn=!!l.WebKitPlaybackTargetAvailabilityEvent,kn=!!l.chrome;var yt=t=>rt(t.media,e=>[j.SUBTITLES,j.CAPTIONS].includes(e.kind)).sort((e,i)=>e.kind>=i.kind?1:-1),ba=t=>rt(t.media,e=>e.mode===Oe.SHOWING&&[j.SUBTITLES,j.CAPTIONS].includes(e.kind)),Xi=(t,e)=>{let i=yt(t),r=ba(t),a=!!r.length;if(i.length){if(e===!1||a&&e!==!0)it(Oe.DISABLED,i,r);else if(e===!0||!a&&e!==!1){let s=i[0],{options:o}=t;if(!o?.noSubtitlesLangPref){let f=l.localStorage.getItem("media-chrome-pref-subtitles-lang"),_=f?[f,...l.navigator.languages]:l.navigator.languages,p=i.filter(m=>_.some(A=>m.language.toLowerCase().startsWith(A.split("-")[0]))).sort((m,A)=>{let g=_.findIndex(y=>m.language.toLowerCase().startsWith(y.split("-")[0])),k=_.findIndex(y=>A.language.toLowerCase().startsWith(y.split("-")[0]));return g-k});p[0]&&(s=p[0])}let{language:d,label:c,kind:I}=s;it(Oe.DISABLED,i,r),it(Oe.SHOWING,i,[{language:d,label:c,kind:I}])}}},Ji=(t,e)=>t===e?!0:t==null||e==null||typeof t!=typeof e?!1:typeof t=="number"&&Number.isNaN(t)&&Number.isNaN(e)?!0:typeof t!="object"?!1:Array.isArray(t)?gl(t,e):Object.entries(t).every(([i,r])=>i in e&&Ji(r,e[i])),gl=(t,e)=>{let i=Array.isArray(t),r=Array.isArray(e);return i!==r?!1:i||r?t.length!==e.length?!1:t.every((a,s)=>Ji(a,e[s])):!0};var _l=Object.values(ie),ji,bl=Tn().then(t=>(ji=t,ji)),wn=async(...t)=>{await Promise.all(t.filter(e=>e).map(async e=>{if(!("localName"in e&&e instanceof l.HTMLElement))return;let i=e.localName;if(!i.includes("-"))return;let r=l.customElements.get(i);r&&e instanceof r||(await l.customElements.whenDefined(i),l.customElements.upgrade(e))}))},Al=new l.DOMParser,Tl=t=>t&&(Al.parseFromString(t,"text/html").body.textContent||t),kt={mediaError:{get(t,e){let{media:i}=t;if(e?.type!=="playing")return i?.error},mediaEvents:["emptied","error","playing"]},mediaErrorCode:{get(t,e){var i;let{media:r}=t;if(e?.type!=="playing")return(i=r?.error)==null?void 0:i.code},mediaEvents:["emptied","error","playing"]},mediaErrorMessage:{get(t,e){var i,r;let{media:a}=t;if(e?.type!=="playing")return(r=(i=a?.error)==null?void 0:i.message)!=null?r:""},mediaEvents:["emptied","error","playing"]},mediaWidth:{get(t){var e;let{media:i}=t;return(e=i?.videoWidth)!=null?e:0},mediaEvents:["resize"]},mediaHeight:{get(t){var e;let{media:i}=t;return(e=i?.videoHeight)!=null?e:0},mediaEvents:["resize"]},mediaPaused:{get(t){var e;let{media:i}=t;return(e=i?.paused)!=null?e:!0},set(t,e){var i;let{media:r}=e;r&&(t?r.pause():(i=r.play())==null||i.catch(()=>{}))},mediaEvents:["play","playing","pause","emptied"]},mediaHasPlayed:{get(t,e){let{media:i}=t;return i?e?e.type==="playing":!i.paused:!1},mediaEvents:["playing","emptied"]},mediaEnded:{get(t){var e;let{media:i}=t;return(e=i?.ended)!=null?e:!1},mediaEvents:["seeked","ended","emptied"]},mediaPlaybackRate:{get(t){var e;let{media:i}=t;return(e=i?.playbackRate)!=null?e:1},set(t,e){let{media:i}=e;i&&Number.isFinite(+t)&&(i.playbackRate=+t)},mediaEvents:["ratechange","loadstart"]},mediaMuted:{get(t){var e;let{media:i}=t;return(e=i?.muted)!=null?e:!1},set(t,e){let{media:i,options:{noMutedPref:r}={}}=e;if(i){i.muted=t;try{let a=l.localStorage.getItem("media-chrome-pref-muted")!==null,s=i.hasAttribute("muted");if(r){a&&l.localStorage.removeItem("media-chrome-pref-muted");return}if(s&&!a)return;l.localStorage.setItem("media-chrome-pref-muted",t?"true":"false")}catch(a){console.debug("Error setting muted pref",a)}}},mediaEvents:["volumechange"],stateOwnersUpdateHandlers:[(t,e)=>{let{options:{noMutedPref:i}}=e,{media:r}=e;if(!(!r||r.muted||i))try{let a=l.localStorage.getItem("media-chrome-pref-muted")==="true";kt.mediaMuted.set(a,e),t(a)}catch(a){console.debug("Error getting muted pref",a)}}]},mediaLoop:{get(t){let{media:e}=t;return e?.loop},set(t,e){let{media:i}=e;i&&(i.loop=t)},mediaEvents:["medialooprequest"]},mediaVolume:{get(t){var e;let{media:i}=t;return(e=i?.volume)!=null?e:1},set(t,e){let{media:i,options:{noVolumePref:r}={}}=e;if(i){try{t==null?l.localStorage.removeItem("media-chrome-pref-volume"):!i.hasAttribute("muted")&&!r&&l.localStorage.setItem("media-chrome-pref-volume",t.toString())}catch(a){console.debug("Error setting volume pref",a)}Number.isFinite(+t)&&(i.volume=+t)}},mediaEvents:["volumechange"],stateOwnersUpdateHandlers:[(t,e)=>{let{options:{noVolumePref:i}}=e;if(!i)try{let{media:r}=e;if(!r)return;let a=l.localStorage.getItem("media-chrome-pref-volume");if(a==null)return;kt.mediaVolume.set(+a,e),t(+a)}catch(r){console.debug("Error getting volume pref",r)}}]},mediaVolumeLevel:{get(t){let{media:e}=t;return typeof e?.volume>"u"?"high":e.muted||e.volume===0?"off":e.volume<.5?"low":e.volume<.75?"medium":"high"},mediaEvents:["volumechange"]},mediaCurrentTime:{get(t){var e;let{media:i}=t;return(e=i?.currentTime)!=null?e:0},set(t,e){let{media:i}=e;!i||!It(t)||(i.currentTime=t)},mediaEvents:["timeupdate","loadedmetadata","seeking"]},mediaDuration:{get(t){let{media:e,options:{defaultDuration:i}={}}=t;return i&&(!e||!e.duration||Number.isNaN(e.duration)||!Number.isFinite(e.duration))?i:Number.isFinite(e?.duration)?e.duration:Number.NaN},mediaEvents:["durationchange","loadedmetadata","emptied"]},mediaLoading:{get(t){let{media:e}=t;return e?.readyState<3},mediaEvents:["waiting","playing","emptied"]},mediaSeekable:{get(t){var e;let{media:i}=t;if(!((e=i?.seekable)!=null&&e.length))return;let r=i.seekable.start(0),a=i.seekable.end(i.seekable.length-1);if(!(!r&&!a))return[Number(r.toFixed(3)),Number(a.toFixed(3))]},mediaEvents:["loadedmetadata","emptied","progress","seekablechange"]},mediaBuffered:{get(t){var e;let{media:i}=t,r=(e=i?.buffered)!=null?e:[];return Array.from(r).map((a,s)=>[Number(r.start(s).toFixed(3)),Number(r.end(s).toFixed(3))])},mediaEvents:["progress","emptied"]},mediaStreamType:{get(t){let{media:e,options:{defaultStreamType:i}={}}=t,r=[ie.LIVE,ie.ON_DEMAND].includes(i)?i:void 0;if(!e)return r;let{streamType:a}=e;if(_l.includes(a))return a===ie.UNKNOWN?r:a;let s=e.duration;return s===1/0?ie.LIVE:Number.isFinite(s)?ie.ON_DEMAND:r},mediaEvents:["emptied","durationchange","loadedmetadata","streamtypechange"]},mediaTargetLiveWindow:{get(t){let{media:e}=t;if(!e)return Number.NaN;let{targetLiveWindow:i}=e,r=kt.mediaStreamType.get(t);return(i==null||Number.isNaN(i))&&r===ie.LIVE?0:i},mediaEvents:["emptied","durationchange","loadedmetadata","streamtypechange","targetlivewindowchange"]},mediaTimeIsLive:{get(t){let{media:e,options:{liveEdgeOffset:i=10}={}}=t;if(!e)return!1;if(typeof e.liveEdgeStart=="number")return Number.isNaN(e.liveEdgeStart)?!1:e.currentTime>=e.liveEdgeStart;if(!(kt.mediaStreamType.get(t)===ie.LIVE))return!1;let a=e.seekable;if(!a)return!0;if(!a.length)return!1;let s=a.end(a.length-1)-i;return e.currentTime>=s},mediaEvents:["playing","timeupdate","progress","waiting","emptied"]},mediaSubtitlesList:{get(t){return yt(t).map(({kind:e,label:i,language:r})=>({kind:e,label:i,language:r}))},mediaEvents:["loadstart"],textTracksEvents:["addtrack","removetrack"]},mediaSubtitlesShowing:{get(t){return ba(t).map(({kind:e,label:i,language:r})=>({kind:e,label:i,language:r}))},mediaEvents:["loadstart"],textTracksEvents:["addtrack","removetrack","change"],stateOwnersUpdateHandlers:[(t,e)=>{var i,r;let{media:a,options:s}=e;if(!a)return;let o=d=>{var c;!s.defaultSubtitles||d&&![j.CAPTIONS,j.SUBTITLES].includes((c=d?.track)==null?void 0:c.kind)||Xi(e,!0)};return a.addEventListener("loadstart",o),(i=a.textTracks)==null||i.addEventListener("addtrack",o),(r=a.textTracks)==null||r.addEventListener("removetrack",o),()=>{var d,c;a.removeEventListener("loadstart",o),(d=a.textTracks)==null||d.removeEventListener("addtrack",o),(c=a.textTracks)==null||c.removeEventListener("removetrack",o)}}]},mediaChaptersCues:{get(t){var e;let{media:i}=t;if(!i)return[];let[r]=rt(i,{kind:j.CHAPTERS});return Array.from((e=r?.cues)!=null?e:[]).map(({text:a,startTime:s,endTime:o})=>({text:Tl(a),startTime:s,endTime:o}))},mediaEvents:["loadstart","loadedmetadata"],textTracksEvents:["addtrack","removetrack","change"],stateOwnersUpdateHandlers:[(t,e)=>{var i;let{media:r}=e;if(!r)return;let a=r.querySelector('track[kind="chapters"][default][src]'),s=(i=r.shadowRoot)==null?void 0:i.querySelector(':is(video,audio) > track[kind="chapters"][default][src]');return a?.addEventListener("load",t),s?.addEventListener("load",t),()=>{a?.removeEventListener("load",t),s?.removeEventListener("load",t)}}]},mediaIsPip:{get(t){var e,i;let{media:r,documentElement:a}=t;if(!r||!a||!a.pictureInPictureElement)return!1;if(a.pictureInPictureElement===r)return!0;if(a.pictureInPictureElement instanceof HTMLMediaElement)return(e=r.localName)!=null&&e.includes("-")?fe(r,a.pictureInPictureElement):!1;if(a.pictureInPictureElement.localName.includes("-")){let s=a.pictureInPictureElement.shadowRoot;for(;s?.pictureInPictureElement;){if(s.pictureInPictureElement===r)return!0;s=(i=s.pictureInPictureElement)==null?void 0:i.shadowRoot}}return!1},set(t,e){let{media:i}=e;if(i)if(t){if(!W.pictureInPictureEnabled){console.warn("MediaChrome: Picture-in-picture is not enabled");return}if(!i.requestPictureInPicture){console.warn("MediaChrome: The current media does not support picture-in-picture");return}let r=()=>{console.warn("MediaChrome: The media is not ready for picture-in-picture. It must have a readyState > 0.")};i.requestPictureInPicture().catch(a=>{if(a.code===11){if(!i.src){console.warn("MediaChrome: The media is not ready for picture-in-picture. It must have a src set.");return}if(i.readyState===0&&i.preload==="none"){let s=()=>{i.removeEventListener("loadedmetadata",o),i.preload="none"},o=()=>{i.requestPictureInPicture().catch(r),s()};i.addEventListener("loadedmetadata",o),i.preload="metadata",setTimeout(()=>{i.readyState===0&&r(),s()},1e3)}else throw a}else throw a})}else W.pictureInPictureElement&&W.exitPictureInPicture()},mediaEvents:["enterpictureinpicture","leavepictureinpicture"]},mediaRenditionList:{get(t){var e;let{media:i}=t;return[...(e=i?.videoRenditions)!=null?e:[]].map(r=>({...r}))},mediaEvents:["emptied","loadstart"],videoRenditionsEvents:["addrendition","removerendition"]},mediaRenditionSelected:{get(t){var e,i,r;let{media:a}=t;return(r=(i=a?.videoRenditions)==null?void 0:i[(e=a.videoRenditions)==null?void 0:e.selectedIndex])==null?void 0:r.id},set(t,e){let{media:i}=e;if(!i?.videoRenditions){console.warn("MediaController: Rendition selection not supported by this media.");return}let r=t,a=Array.prototype.findIndex.call(i.videoRenditions,s=>s.id==r);i.videoRenditions.selectedIndex!=a&&(i.videoRenditions.selectedIndex=a)},mediaEvents:["emptied"],videoRenditionsEvents:["addrendition","removerendition","change"]},mediaAudioTrackList:{get(t){var e;let{media:i}=t;return[...(e=i?.audioTracks)!=null?e:[]]},mediaEvents:["emptied","loadstart"],audioTracksEvents:["addtrack","removetrack"]},mediaAudioTrackEnabled:{get(t){var e,i;let{media:r}=t;return(i=[...(e=r?.audioTracks)!=null?e:[]].find(a=>a.enabled))==null?void 0:i.id},set(t,e){let{media:i}=e;if(!i?.audioTracks){console.warn("MediaChrome: Audio track selection not supported by this media.");return}let r=t;for(let a of i.audioTracks)a.enabled=r==a.id},mediaEvents:["emptied"],audioTracksEvents:["addtrack","removetrack","change"]},mediaIsFullscreen:{get(t){return bn(t)},set(t,e,i){var r,a;t?(gn(e),i.detail&&!((r=e.media)!=null&&r.inert)&&((a=e.media)==null||a.focus())):_n(e)},rootEvents:["fullscreenchange","webkitfullscreenchange"],mediaEvents:["webkitbeginfullscreen","webkitendfullscreen","webkitpresentationmodechanged"]},mediaIsCasting:{get(t){var e;let{media:i}=t;return!i?.remote||((e=i.remote)==null?void 0:e.state)==="disconnected"?!1:i.remote.state==="connected"},set(t,e){var i,r;let{media:a}=e;if(a&&!(t&&((i=a.remote)==null?void 0:i.state)!=="disconnected")&&!(!t&&((r=a.remote)==null?void 0:r.state)!=="connected")){if(typeof a.remote.prompt!="function"){console.warn("MediaChrome: Casting is not supported in this environment");return}a.remote.prompt().catch(()=>{})}},remoteEvents:["connect","connecting","disconnect"]},mediaIsAirplaying:{get(){return!1},set(t,e){let{media:i}=e;if(i){if(!(i.webkitShowPlaybackTargetPicker&&l.WebKitPlaybackTargetAvailabilityEvent)){console.error("MediaChrome: received a request to select AirPlay but AirPlay is not supported in this environment");return}i.webkitShowPlaybackTargetPicker()}},mediaEvents:["webkitcurrentplaybacktargetiswirelesschanged"]},mediaFullscreenUnavailable:{get(t){let{media:e}=t;if(!Sn||!_a(e))return ee.UNSUPPORTED}},mediaPipUnavailable:{get(t){let{media:e}=t;if(!In||!ga(e))return ee.UNSUPPORTED;if(e?.disablePictureInPicture)return ee.UNAVAILABLE}},mediaVolumeUnavailable:{get(t){let{media:e}=t;if(ji===!1||e?.volume==null)return ee.UNSUPPORTED},stateOwnersUpdateHandlers:[t=>{ji==null&&bl.then(e=>t(e?void 0:ee.UNSUPPORTED))}]},mediaCastUnavailable:{get(t,{availability:e="not-available"}={}){var i;let{media:r}=t;if(!kn||!((i=r?.remote)!=null&&i.state))return ee.UNSUPPORTED;if(!(e==null||e==="available"))return ee.UNAVAILABLE},stateOwnersUpdateHandlers:[(t,e)=>{var i;let{media:r}=e;return r?(r.disableRemotePlayback||r.hasAttribute("disableremoteplayback")||(i=r?.remote)==null||i.watchAvailability(s=>{t({availability:s?"available":"not-available"})}).catch(s=>{s.name==="NotSupportedError"?t({availability:null}):t({availability:"not-available"})}),()=>{var s;(s=r?.remote)==null||s.cancelWatchAvailability().catch(()=>{})}):void 0}]},mediaAirplayUnavailable:{get(t,e){if(!yn)return ee.UNSUPPORTED;if(e?.availability==="not-available")return ee.UNAVAILABLE},mediaEvents:["webkitplaybacktargetavailabilitychanged"],stateOwnersUpdateHandlers:[(t,e)=>{var i;let{media:r}=e;return r?(r.disableRemotePlayback||r.hasAttribute("disableremoteplayback")||(i=r?.remote)==null||i.watchAvailability(s=>{t({availability:s?"available":"not-available"})}).catch(s=>{s.name==="NotSupportedError"?t({availability:null}):t({availability:"not-available"})}),()=>{var s;(s=r?.remote)==null||s.cancelWatchAvailability().catch(()=>{})}):void 0}]},mediaRenditionUnavailable:{get(t){var e;let{media:i}=t;if(!i?.videoRenditions)return ee.UNSUPPORTED;if(!((e=i.videoRenditions)!=null&&e.length))return ee.UNAVAILABLE},mediaEvents:["emptied","loadstart"],videoRenditionsEvents:["addrendition","removerendition"]},mediaAudioTrackUnavailable:{get(t){var e,i;let{media:r}=t;if(!r?.audioTracks)return ee.UNSUPPORTED;if(((i=(e=r.audioTracks)==null?void 0:e.length)!=null?i:0)<=1)return ee.UNAVAILABLE},mediaEvents:["emptied","loadstart"],audioTracksEvents:["addtrack","removetrack"]},mediaLang:{get(t){let{options:{mediaLang:e}={}}=t;return e??"en"}}};var Mn={[h.MEDIA_PREVIEW_REQUEST](t,e,{detail:i}){var r,a,s;let{media:o}=e,d=i??void 0,c,I;if(o&&d!=null){let[m]=rt(o,{kind:j.METADATA,label:"thumbnails"}),A=Array.prototype.find.call((r=m?.cues)!=null?r:[],(g,k,y)=>k===0?g.endTime>d:k===y.length-1?g.startTime<=d:g.startTime<=d&&g.endTime>d);if(A){let g=/'^(?:[a-z]+:)?\/\//i.test(A.text)||(a=o?.querySelector('track[label="thumbnails"]'))==null?void 0:a.src,k=new URL(A.text,g);I=new URLSearchParams(k.hash).get("#xywh").split(",").map(q=>+q),c=k.href}}let f=t.mediaDuration.get(e),p=(s=t.mediaChaptersCues.get(e).find((m,A,g)=>A===g.length-1&&f===m.endTime?m.startTime<=d&&m.endTime>=d:m.startTime<=d&&m.endTime>d))==null?void 0:s.text;return i!=null&&p==null&&(p=""),{mediaPreviewTime:d,mediaPreviewImage:c,mediaPreviewCoords:I,mediaPreviewChapter:p}},[h.MEDIA_PAUSE_REQUEST](t,e){t["mediaPaused"].set(!0,e)},[h.MEDIA_PLAY_REQUEST](t,e){var i,r,a,s;let o="mediaPaused",c=t.mediaStreamType.get(e)===ie.LIVE,I=!((i=e.options)!=null&&i.noAutoSeekToLive),f=t.mediaTargetLiveWindow.get(e)>0;if(c&&I&&!f){let _=(r=t.mediaSeekable.get(e))==null?void 0:r[1];if(_){let p=(s=(a=e.options)==null?void 0:a.seekToLiveOffset)!=null?s:0,m=_-p;t.mediaCurrentTime.set(m,e)}}t[o].set(!1,e)},[h.MEDIA_PLAYBACK_RATE_REQUEST](t,e,{detail:i}){let r="mediaPlaybackRate",a=i;t[r].set(a,e)},[h.MEDIA_MUTE_REQUEST](t,e){t["mediaMuted"].set(!0,e)},[h.MEDIA_UNMUTE_REQUEST](t,e){let i="mediaMuted";t.mediaVolume.get(e)||t.mediaVolume.set(.25,e),t[i].set(!1,e)},[h.MEDIA_LOOP_REQUEST](t,e,{detail:i}){let r="mediaLoop",a=!!i;return t[r].set(a,e),{mediaLoop:a}},[h.MEDIA_VOLUME_REQUEST](t,e,{detail:i}){let r="mediaVolume",a=i;a&&t.mediaMuted.get(e)&&t.mediaMuted.set(!1,e),t[r].set(a,e)},[h.MEDIA_SEEK_REQUEST](t,e,{detail:i}){let r="mediaCurrentTime",a=i;t[r].set(a,e)},[h.MEDIA_SEEK_TO_LIVE_REQUEST](t,e){var i,r,a;let s="mediaCurrentTime",o=(i=t.mediaSeekable.get(e))==null?void 0:i[1];if(Number.isNaN(Number(o)))return;let d=(a=(r=e.options)==null?void 0:r.seekToLiveOffset)!=null?a:0,c=o-d;t[s].set(c,e)},[h.MEDIA_SHOW_SUBTITLES_REQUEST](t,e,{detail:i}){var r;let{options:a}=e,s=yt(e),o=va(i),d=(r=o[0])==null?void 0:r.language;d&&!a.noSubtitlesLangPref&&l.localStorage.setItem("media-chrome-pref-subtitles-lang",d),it(Oe.SHOWING,s,o)},[h.MEDIA_DISABLE_SUBTITLES_REQUEST](t,e,{detail:i}){let r=yt(e),a=i??[];it(Oe.DISABLED,r,a)},[h.MEDIA_TOGGLE_SUBTITLES_REQUEST](t,e,{detail:i}){Xi(e,i)},[h.MEDIA_RENDITION_REQUEST](t,e,{detail:i}){let r="mediaRenditionSelected",a=i;t[r].set(a,e)},[h.MEDIA_AUDIO_TRACK_REQUEST](t,e,{detail:i}){let r="mediaAudioTrackEnabled",a=i;t[r].set(a,e)},[h.MEDIA_ENTER_PIP_REQUEST](t,e){let i="mediaIsPip";t.mediaIsFullscreen.get(e)&&t.mediaIsFullscreen.set(!1,e),t[i].set(!0,e)},[h.MEDIA_EXIT_PIP_REQUEST](t,e){t["mediaIsPip"].set(!1,e)},[h.MEDIA_ENTER_FULLSCREEN_REQUEST](t,e,i){let r="mediaIsFullscreen";t.mediaIsPip.get(e)&&t.mediaIsPip.set(!1,e),t[r].set(!0,e,i)},[h.MEDIA_EXIT_FULLSCREEN_REQUEST](t,e){t["mediaIsFullscreen"].set(!1,e)},[h.MEDIA_ENTER_CAST_REQUEST](t,e){let i="mediaIsCasting";t.mediaIsFullscreen.get(e)&&t.mediaIsFullscreen.set(!1,e),t[i].set(!0,e)},[h.MEDIA_EXIT_CAST_REQUEST](t,e){t["mediaIsCasting"].set(!1,e)},[h.MEDIA_AIRPLAY_REQUEST](t,e){t["mediaIsAirplaying"].set(!0,e)}};var Ln=({media:t,fullscreenElement:e,documentElement:i,stateMediator:r=kt,requestMap:a=Mn,options:s={},monitorStateOwnersOnlyWithSubscriptions:o=!0})=>{let d=[],c={options:{...s}},I=Object.freeze({mediaPreviewTime:void 0,mediaPreviewImage:void 0,mediaPreviewCoords:void 0,mediaPreviewChapter:void 0}),f=g=>{g!=null&&(Ji(g,I)||(I=Object.freeze({...I,...g}),d.forEach(k=>k(I))))},_=()=>{let g=Object.entries(r).reduce((k,[y,{get:q}])=>(k[y]=q(c),k),{});f(g)},p={},m,A=async(g,k)=>{var y,q,Ye,Qe,Me,Le,Re,Bt,ze,us,hs,ms,ps,Es,vs,fs;let xo=!!m;if(m={...c,...m??{},...g},xo)return;await wn(...Object.values(g));let ut=d.length>0&&k===0&&o,gs=c.media!==m.media,_s=((y=c.media)==null?void 0:y.textTracks)!==((q=m.media)==null?void 0:q.textTracks),bs=((Ye=c.media)==null?void 0:Ye.videoRenditions)!==((Qe=m.media)==null?void 0:Qe.videoRenditions),As=((Me=c.media)==null?void 0:Me.audioTracks)!==((Le=m.media)==null?void 0:Le.audioTracks),Ts=((Re=c.media)==null?void 0:Re.remote)!==((Bt=m.media)==null?void 0:Bt.remote),Ss=c.documentElement!==m.documentElement,Is=!!c.media&&(gs||ut),ys=!!((ze=c.media)!=null&&ze.textTracks)&&(_s||ut),ks=!!((us=c.media)!=null&&us.videoRenditions)&&(bs||ut),ws=!!((hs=c.media)!=null&&hs.audioTracks)&&(As||ut),Ms=!!((ms=c.media)!=null&&ms.remote)&&(Ts||ut),Ls=!!c.documentElement&&(Ss||ut),Qr=Is||ys||ks||ws||Ms||Ls,ht=d.length===0&&k===1&&o,Rs=!!m.media&&(gs||ht),Ds=!!((ps=m.media)!=null&&ps.textTracks)&&(_s||ht),Cs=!!((Es=m.media)!=null&&Es.videoRenditions)&&(bs||ht),xs=!!((vs=m.media)!=null&&vs.audioTracks)&&(As||ht),Os=!!((fs=m.media)!=null&&fs.remote)&&(Ts||ht),Us=!!m.documentElement&&(Ss||ht),Ps=Rs||Ds||Cs||xs||Os||Us;if(!(Qr||Ps)){Object.entries(m).forEach(([D,Wt])=>{c[D]=Wt}),_(),m=void 0;return}Object.entries(r).forEach(([D,{get:Wt,mediaEvents:Oo=[],textTracksEvents:Uo=[],videoRenditionsEvents:Po=[],audioTracksEvents:No=[],remoteEvents:Ho=[],rootEvents:Fo=[],stateOwnersUpdateHandlers:$o=[]}])=>{p[D]||(p[D]={});let te=P=>{let B=Wt(c,P);f({[D]:B})},Y;Y=p[D].mediaEvents,Oo.forEach(P=>{Y&&Is&&(c.media.removeEventListener(P,Y),p[D].mediaEvents=void 0),Rs&&(m.media.addEventListener(P,te),p[D].mediaEvents=te)}),Y=p[D].textTracksEvents,Uo.forEach(P=>{var B,de;Y&&ys&&((B=c.media.textTracks)==null||B.removeEventListener(P,Y),p[D].textTracksEvents=void 0),Ds&&((de=m.media.textTracks)==null||de.addEventListener(P,te),p[D].textTracksEvents=te)}),Y=p[D].videoRenditionsEvents,Po.forEach(P=>{var B,de;Y&&ks&&((B=c.media.videoRenditions)==null||B.removeEventListener(P,Y),p[D].videoRenditionsEvents=void 0),Cs&&((de=m.media.videoRenditions)==null||de.addEventListener(P,te),p[D].videoRenditionsEvents=te)}),Y=p[D].audioTracksEvents,No.forEach(P=>{var B,de;Y&&ws&&((B=c.media.audioTracks)==null||B.removeEventListener(P,Y),p[D].audioTracksEvents=void 0),xs&&((de=m.media.audioTracks)==null||de.addEventListener(P,te),p[D].audioTracksEvents=te)}),Y=p[D].remoteEvents,Ho.forEach(P=>{var B,de;Y&&Ms&&((B=c.media.remote)==null||B.removeEventListener(P,Y),p[D].remoteEvents=void 0),Os&&((de=m.media.remote)==null||de.addEventListener(P,te),p[D].remoteEvents=te)}),Y=p[D].rootEvents,Fo.forEach(P=>{Y&&Ls&&(c.documentElement.removeEventListener(P,Y),p[D].rootEvents=void 0),Us&&(m.documentElement.addEventListener(P,te),p[D].rootEvents=te)});let ki=p[D].stateOwnersUpdateHandlers;if(ki&&Qr&&(Array.isArray(ki)?ki:[ki]).forEach(B=>{typeof B=="function"&&B()}),Ps){let P=$o.map(B=>B(te,m)).filter(B=>typeof B=="function");p[D].stateOwnersUpdateHandlers=P.length===1?P[0]:P}else Qr&&(p[D].stateOwnersUpdateHandlers=void 0)}),Object.entries(m).forEach(([D,Wt])=>{c[D]=Wt}),_(),m=void 0};return A({media:t,fullscreenElement:e,documentElement:i,options:s}),{dispatch(g){let{type:k,detail:y}=g;if(a[k]&&I.mediaErrorCode==null){f(a[k](r,c,g));return}k==="mediaelementchangerequest"?A({media:y}):k==="fullscreenelementchangerequest"?A({fullscreenElement:y}):k==="documentelementchangerequest"?A({documentElement:y}):k==="optionschangerequest"&&(Object.entries(y??{}).forEach(([q,Ye])=>{c.options[q]=Ye}),_())},getState(){return I},subscribe(g){return A({},d.length+1),d.push(g),g(I),()=>{let k=d.indexOf(g);k>=0&&(A({},d.length-1),d.splice(k,1))}}}};var ka=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},E=(t,e,i)=>(ka(t,e,"read from private field"),i?i.call(t):e.get(t)),re=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},me=(t,e,i,r)=>(ka(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),$e=(t,e,i)=>(ka(t,e,"access private method"),i),xe,ei,M,ae,ti,ge,er,ii,tr,Aa,st,ir,Ta,ri,rr,Sa,Pn,Nn=["ArrowLeft","ArrowRight","ArrowUp","ArrowDown","Enter"," ","f","m","k","c","l","j",">","<","p"],Rn=10,Dn=.025,Cn=.25,Sl=.25,Il=2,u={DEFAULT_SUBTITLES:"defaultsubtitles",DEFAULT_STREAM_TYPE:"defaultstreamtype",DEFAULT_DURATION:"defaultduration",FULLSCREEN_ELEMENT:"fullscreenelement",HOTKEYS:"hotkeys",KEYBOARD_BACKWARD_SEEK_OFFSET:"keyboardbackwardseekoffset",KEYBOARD_FORWARD_SEEK_OFFSET:"keyboardforwardseekoffset",KEYBOARD_DOWN_VOLUME_STEP:"keyboarddownvolumestep",KEYBOARD_UP_VOLUME_STEP:"keyboardupvolumestep",KEYS_USED:"keysused",LANG:"lang",LOOP:"loop",LIVE_EDGE_OFFSET:"liveedgeoffset",NO_AUTO_SEEK_TO_LIVE:"noautoseektolive",NO_DEFAULT_STORE:"nodefaultstore",NO_HOTKEYS:"nohotkeys",NO_MUTED_PREF:"nomutedpref",NO_SUBTITLES_LANG_PREF:"nosubtitleslangpref",NO_VOLUME_PREF:"novolumepref",SEEK_TO_LIVE_OFFSET:"seektoliveoffset"},Ia=class extends Xe{constructor(){super(),re(this,tr),re(this,ir),re(this,ri),re(this,Sa),this.mediaStateReceivers=[],this.associatedElementSubscriptions=new Map,re(this,xe,new Qi(this,u.HOTKEYS)),re(this,ei,void 0),re(this,M,void 0),re(this,ae,null),re(this,ti,void 0),re(this,ge,void 0),re(this,er,i=>{var r;(r=E(this,M))==null||r.dispatch(i)}),re(this,ii,void 0),re(this,st,i=>{let{key:r,shiftKey:a}=i;if(!(a&&(r==="/"||r==="?")||Nn.includes(r))){this.removeEventListener("keyup",E(this,st));return}this.keyboardShortcutHandler(i)}),this.associateElement(this);let e={};me(this,ti,i=>{Object.entries(i).forEach(([r,a])=>{if(r in e&&e[r]===a)return;this.propagateMediaState(r,a);let s=r.toLowerCase(),o=new l.CustomEvent(Vs[s],{composed:!0,detail:a});this.dispatchEvent(o)}),e=i})}static get observedAttributes(){return super.observedAttributes.concat(u.NO_HOTKEYS,u.HOTKEYS,u.DEFAULT_STREAM_TYPE,u.DEFAULT_SUBTITLES,u.DEFAULT_DURATION,u.NO_MUTED_PREF,u.NO_VOLUME_PREF,u.LANG,u.LOOP,u.LIVE_EDGE_OFFSET,u.SEEK_TO_LIVE_OFFSET,u.NO_AUTO_SEEK_TO_LIVE)}get mediaStore(){return E(this,M)}set mediaStore(e){var i,r;if(E(this,M)&&((i=E(this,ge))==null||i.call(this),me(this,ge,void 0)),me(this,M,e),!E(this,M)&&!this.hasAttribute(u.NO_DEFAULT_STORE)){$e(this,tr,Aa).call(this);return}me(this,ge,(r=E(this,M))==null?void 0:r.subscribe(E(this,ti)))}get fullscreenElement(){var e;return(e=E(this,ei))!=null?e:this}set fullscreenElement(e){var i;this.hasAttribute(u.FULLSCREEN_ELEMENT)&&this.removeAttribute(u.FULLSCREEN_ELEMENT),me(this,ei,e),(i=E(this,M))==null||i.dispatch({type:"fullscreenelementchangerequest",detail:this.fullscreenElement})}get defaultSubtitles(){return T(this,u.DEFAULT_SUBTITLES)}set defaultSubtitles(e){S(this,u.DEFAULT_SUBTITLES,e)}get defaultStreamType(){return R(this,u.DEFAULT_STREAM_TYPE)}set defaultStreamType(e){L(this,u.DEFAULT_STREAM_TYPE,e)}get defaultDuration(){return x(this,u.DEFAULT_DURATION)}set defaultDuration(e){H(this,u.DEFAULT_DURATION,e)}get noHotkeys(){return T(this,u.NO_HOTKEYS)}set noHotkeys(e){S(this,u.NO_HOTKEYS,e)}get keysUsed(){return R(this,u.KEYS_USED)}set keysUsed(e){L(this,u.KEYS_USED,e)}get liveEdgeOffset(){return x(this,u.LIVE_EDGE_OFFSET)}set liveEdgeOffset(e){H(this,u.LIVE_EDGE_OFFSET,e)}get noAutoSeekToLive(){return T(this,u.NO_AUTO_SEEK_TO_LIVE)}set noAutoSeekToLive(e){S(this,u.NO_AUTO_SEEK_TO_LIVE,e)}get noVolumePref(){return T(this,u.NO_VOLUME_PREF)}set noVolumePref(e){S(this,u.NO_VOLUME_PREF,e)}get noMutedPref(){return T(this,u.NO_MUTED_PREF)}set noMutedPref(e){S(this,u.NO_MUTED_PREF,e)}get noSubtitlesLangPref(){return T(this,u.NO_SUBTITLES_LANG_PREF)}set noSubtitlesLangPref(e){S(this,u.NO_SUBTITLES_LANG_PREF,e)}get noDefaultStore(){return T(this,u.NO_DEFAULT_STORE)}set noDefaultStore(e){S(this,u.NO_DEFAULT_STORE,e)}get resolvedLang(){return js()}attributeChangedCallback(e,i,r){var a,s,o,d,c,I,f,_,p,m,A,g;if(super.attributeChangedCallback(e,i,r),e===u.NO_HOTKEYS)r!==i&&r===""?(this.hasAttribute(u.HOTKEYS)&&console.warn("Media Chrome: Both `hotkeys` and `nohotkeys` have been set. All hotkeys will be disabled."),this.disableHotkeys()):r!==i&&r===null&&this.enableHotkeys(),$e(this,ri,rr).call(this);else if(e===u.HOTKEYS)E(this,xe).value=r,$e(this,ri,rr).call(this);else if(e===u.DEFAULT_SUBTITLES&&r!==i)(a=E(this,M))==null||a.dispatch({type:"optionschangerequest",detail:{defaultSubtitles:this.hasAttribute(u.DEFAULT_SUBTITLES)}});else if(e===u.DEFAULT_STREAM_TYPE)(o=E(this,M))==null||o.dispatch({type:"optionschangerequest",detail:{defaultStreamType:(s=this.getAttribute(u.DEFAULT_STREAM_TYPE))!=null?s:void 0}});else if(e===u.LIVE_EDGE_OFFSET&&r!==i)(d=E(this,M))==null||d.dispatch({type:"optionschangerequest",detail:{liveEdgeOffset:this.hasAttribute(u.LIVE_EDGE_OFFSET)?+this.getAttribute(u.LIVE_EDGE_OFFSET):void 0,seekToLiveOffset:this.hasAttribute(u.SEEK_TO_LIVE_OFFSET)?+this.getAttribute(u.SEEK_TO_LIVE_OFFSET):this.hasAttribute(u.LIVE_EDGE_OFFSET)?+this.getAttribute(u.LIVE_EDGE_OFFSET):void 0}});else if(e===u.SEEK_TO_LIVE_OFFSET&&r!==i)(c=E(this,M))==null||c.dispatch({type:"optionschangerequest",detail:{seekToLiveOffset:this.hasAttribute(u.SEEK_TO_LIVE_OFFSET)?+this.getAttribute(u.SEEK_TO_LIVE_OFFSET):this.hasAttribute(u.LIVE_EDGE_OFFSET)?+this.getAttribute(u.LIVE_EDGE_OFFSET):void 0}});else if(e===u.NO_AUTO_SEEK_TO_LIVE)(I=E(this,M))==null||I.dispatch({type:"optionschangerequest",detail:{noAutoSeekToLive:this.hasAttribute(u.NO_AUTO_SEEK_TO_LIVE)}});else if(e===u.FULLSCREEN_ELEMENT){let k=r?(f=this.getRootNode())==null?void 0:f.getElementById(r):void 0;me(this,ei,k),(_=E(this,M))==null||_.dispatch({type:"fullscreenelementchangerequest",detail:this.fullscreenElement})}else e===u.LANG&&r!==i?(Js(r),(p=E(this,M))==null||p.dispatch({type:"optionschangerequest",detail:{mediaLang:r}})):e===u.LOOP&&r!==i?(m=E(this,M))==null||m.dispatch({type:h.MEDIA_LOOP_REQUEST,detail:r!=null}):e===u.NO_VOLUME_PREF&&r!==i?(A=E(this,M))==null||A.dispatch({type:"optionschangerequest",detail:{noVolumePref:this.hasAttribute(u.NO_VOLUME_PREF)}}):e===u.NO_MUTED_PREF&&r!==i&&((g=E(this,M))==null||g.dispatch({type:"optionschangerequest",detail:{noMutedPref:this.hasAttribute(u.NO_MUTED_PREF)}}))}connectedCallback(){var e,i,r;this.associateElement(this),!E(this,M)&&!this.hasAttribute(u.NO_DEFAULT_STORE)&&$e(this,tr,Aa).call(this),(e=E(this,M))==null||e.dispatch({type:"documentelementchangerequest",detail:W}),(i=E(this,M))==null||i.dispatch({type:"fullscreenelementchangerequest",detail:this.fullscreenElement}),super.connectedCallback(),E(this,M)&&!E(this,ge)&&me(this,ge,(r=E(this,M))==null?void 0:r.subscribe(E(this,ti))),E(this,ii)!==void 0&&E(this,M)&&this.media&&setTimeout(()=>{var a,s,o;(s=(a=this.media)==null?void 0:a.textTracks)!=null&&s.length&&((o=E(this,M))==null||o.dispatch({type:h.MEDIA_TOGGLE_SUBTITLES_REQUEST,detail:E(this,ii)}))},0),this.hasAttribute(u.NO_HOTKEYS)?this.disableHotkeys():this.enableHotkeys()}disconnectedCallback(){var e,i,r,a,s,o;if((e=super.disconnectedCallback)==null||e.call(this),this.disableHotkeys(),E(this,M)){let d=E(this,M).getState();me(this,ii,!!((i=d.mediaSubtitlesShowing)!=null&&i.length)),(r=E(this,M))==null||r.dispatch({type:"fullscreenelementchangerequest",detail:void 0}),(a=E(this,M))==null||a.dispatch({type:"documentelementchangerequest",detail:void 0}),(s=E(this,M))==null||s.dispatch({type:h.MEDIA_TOGGLE_SUBTITLES_REQUEST,detail:!1})}E(this,ge)&&((o=E(this,ge))==null||o.call(this),me(this,ge,void 0)),this.unassociateElement(this),E(this,ae)&&(E(this,ae).remove(),me(this,ae,null))}mediaSetCallback(e){var i;super.mediaSetCallback(e),(i=E(this,M))==null||i.dispatch({type:"mediaelementchangerequest",detail:e}),e.hasAttribute("tabindex")||(e.tabIndex=-1)}mediaUnsetCallback(e){var i;super.mediaUnsetCallback(e),(i=E(this,M))==null||i.dispatch({type:"mediaelementchangerequest",detail:void 0})}propagateMediaState(e,i){Un(this.mediaStateReceivers,e,i)}associateElement(e){if(!e)return;let{associatedElementSubscriptions:i}=this;if(i.has(e))return;let r=this.registerMediaStateReceiver.bind(this),a=this.unregisterMediaStateReceiver.bind(this),s=Rl(e,r,a);Object.values(h).forEach(o=>{e.addEventListener(o,E(this,er))}),i.set(e,s)}unassociateElement(e){if(!e)return;let{associatedElementSubscriptions:i}=this;if(!i.has(e))return;i.get(e)(),i.delete(e),Object.values(h).forEach(a=>{e.removeEventListener(a,E(this,er))})}registerMediaStateReceiver(e){if(!e)return;let i=this.mediaStateReceivers;i.indexOf(e)>-1||(i.push(e),E(this,M)&&Object.entries(E(this,M).getState()).forEach(([a,s])=>{Un([e],a,s)}))}unregisterMediaStateReceiver(e){let i=this.mediaStateReceivers,r=i.indexOf(e);r<0||i.splice(r,1)}enableHotkeys(){this.addEventListener("keydown",$e(this,ir,Ta))}disableHotkeys(){this.removeEventListener("keydown",$e(this,ir,Ta)),this.removeEventListener("keyup",E(this,st))}get hotkeys(){return E(this,xe)}set hotkeys(e){L(this,u.HOTKEYS,e)}keyboardShortcutHandler(e){var i,r,a,s,o,d,c,I,f;let _=e.target;if(((a=(r=(i=_.getAttribute(u.KEYS_USED))==null?void 0:i.split(" "))!=null?r:_?.keysUsed)!=null?a:[]).map(y=>y==="Space"?" ":y).filter(Boolean).includes(e.key))return;let m,A,g;if(!(E(this,xe).contains(Gi(e.key))||e.shiftKey&&(e.key==="/"||e.key==="?")&&E(this,xe).contains("noshift+/")))switch(e.key){case" ":case"k":m=E(this,M).getState().mediaPaused?h.MEDIA_PLAY_REQUEST:h.MEDIA_PAUSE_REQUEST,this.dispatchEvent(new l.CustomEvent(m,{composed:!0,bubbles:!0}));break;case"m":m=this.mediaStore.getState().mediaVolumeLevel==="off"?h.MEDIA_UNMUTE_REQUEST:h.MEDIA_MUTE_REQUEST,this.dispatchEvent(new l.CustomEvent(m,{composed:!0,bubbles:!0}));break;case"f":m=this.mediaStore.getState().mediaIsFullscreen?h.MEDIA_EXIT_FULLSCREEN_REQUEST:h.MEDIA_ENTER_FULLSCREEN_REQUEST,this.dispatchEvent(new l.CustomEvent(m,{composed:!0,bubbles:!0}));break;case"c":this.dispatchEvent(new l.CustomEvent(h.MEDIA_TOGGLE_SUBTITLES_REQUEST,{composed:!0,bubbles:!0}));break;case"ArrowLeft":case"j":{let y=this.hasAttribute(u.KEYBOARD_BACKWARD_SEEK_OFFSET)?+this.getAttribute(u.KEYBOARD_BACKWARD_SEEK_OFFSET):Rn;A=Math.max(((s=this.mediaStore.getState().mediaCurrentTime)!=null?s:0)-y,0),g=new l.CustomEvent(h.MEDIA_SEEK_REQUEST,{composed:!0,bubbles:!0,detail:A}),this.dispatchEvent(g);break}case"ArrowRight":case"l":{let y=this.hasAttribute(u.KEYBOARD_FORWARD_SEEK_OFFSET)?+this.getAttribute(u.KEYBOARD_FORWARD_SEEK_OFFSET):Rn;A=Math.max(((o=this.mediaStore.getState().mediaCurrentTime)!=null?o:0)+y,0),g=new l.CustomEvent(h.MEDIA_SEEK_REQUEST,{composed:!0,bubbles:!0,detail:A}),this.dispatchEvent(g);break}case"ArrowUp":{let y=this.hasAttribute(u.KEYBOARD_UP_VOLUME_STEP)?+this.getAttribute(u.KEYBOARD_UP_VOLUME_STEP):Dn;A=Math.min(((d=this.mediaStore.getState().mediaVolume)!=null?d:1)+y,1),g=new l.CustomEvent(h.MEDIA_VOLUME_REQUEST,{composed:!0,bubbles:!0,detail:A}),this.dispatchEvent(g);break}case"ArrowDown":{let y=this.hasAttribute(u.KEYBOARD_DOWN_VOLUME_STEP)?+this.getAttribute(u.KEYBOARD_DOWN_VOLUME_STEP):Dn;A=Math.max(((c=this.mediaStore.getState().mediaVolume)!=null?c:1)-y,0),g=new l.CustomEvent(h.MEDIA_VOLUME_REQUEST,{composed:!0,bubbles:!0,detail:A}),this.dispatchEvent(g);break}case"<":{let y=(I=this.mediaStore.getState().mediaPlaybackRate)!=null?I:1;A=Math.max(y-Cn,Sl).toFixed(2),g=new l.CustomEvent(h.MEDIA_PLAYBACK_RATE_REQUEST,{composed:!0,bubbles:!0,detail:A}),this.dispatchEvent(g);break}case">":{let y=(f=this.mediaStore.getState().mediaPlaybackRate)!=null?f:1;A=Math.min(y+Cn,Il).toFixed(2),g=new l.CustomEvent(h.MEDIA_PLAYBACK_RATE_REQUEST,{composed:!0,bubbles:!0,detail:A}),this.dispatchEvent(g);break}case"/":case"?":{e.shiftKey&&$e(this,Sa,Pn).call(this);break}case"p":{m=this.mediaStore.getState().mediaIsPip?h.MEDIA_EXIT_PIP_REQUEST:h.MEDIA_ENTER_PIP_REQUEST,g=new l.CustomEvent(m,{composed:!0,bubbles:!0}),this.dispatchEvent(g);break}default:break}}};xe=new WeakMap;ei=new WeakMap;M=new WeakMap;ae=new WeakMap;ti=new WeakMap;ge=new WeakMap;er=new WeakMap;ii=new WeakMap;tr=new WeakSet;Aa=function(){var t;this.mediaStore=Ln({media:this.media,fullscreenElement:this.fullscreenElement,options:{defaultSubtitles:this.hasAttribute(u.DEFAULT_SUBTITLES),defaultDuration:this.hasAttribute(u.DEFAULT_DURATION)?+this.getAttribute(u.DEFAULT_DURATION):void 0,defaultStreamType:(t=this.getAttribute(u.DEFAULT_STREAM_TYPE))!=null?t:void 0,liveEdgeOffset:this.hasAttribute(u.LIVE_EDGE_OFFSET)?+this.getAttribute(u.LIVE_EDGE_OFFSET):void 0,seekToLiveOffset:this.hasAttribute(u.SEEK_TO_LIVE_OFFSET)?+this.getAttribute(u.SEEK_TO_LIVE_OFFSET):this.hasAttribute(u.LIVE_EDGE_OFFSET)?+this.getAttribute(u.LIVE_EDGE_OFFSET):void 0,noAutoSeekToLive:this.hasAttribute(u.NO_AUTO_SEEK_TO_LIVE),noVolumePref:this.hasAttribute(u.NO_VOLUME_PREF),noMutedPref:this.hasAttribute(u.NO_MUTED_PREF),noSubtitlesLangPref:this.hasAttribute(u.NO_SUBTITLES_LANG_PREF)}})};st=new WeakMap;ir=new WeakSet;Ta=function(t){var e;let{metaKey:i,altKey:r,key:a,shiftKey:s}=t,o=s&&(a==="/"||a==="?");if(o&&((e=E(this,ae))!=null&&e.open)){this.removeEventListener("keyup",E(this,st));return}if(i||r||!o&&!Nn.includes(a)){this.removeEventListener("keyup",E(this,st));return}let d=t.target,c=d instanceof HTMLElement&&(d.tagName.toLowerCase()==="media-volume-range"||d.tagName.toLowerCase()==="media-time-range");[" ","ArrowLeft","ArrowRight","ArrowUp","ArrowDown"].includes(a)&&!E(this,xe).contains(Gi(a))&&!c&&t.preventDefault(),this.addEventListener("keyup",E(this,st),{once:!0})};ri=new WeakSet;rr=function(){E(this,ae)&&(E(this,ae).hotkeys=E(this,xe).value||void 0,(this.noHotkeys||E(this,xe).contains("noshift+/"))&&(E(this,ae).open=!1))};Sa=new WeakSet;Pn=function(){E(this,ae)||(me(this,ae,W.createElement("media-keyboard-shortcuts-dialog")),$e(this,ri,rr).call(this),this.appendChild(E(this,ae))),E(this,ae).open=!0};var yl=Object.values(n),kl=Object.values(Xr),Hn=t=>{var e,i,r,a;let{observedAttributes:s}=t.constructor;!s&&((e=t.nodeName)!=null&&e.includes("-"))&&(l.customElements.upgrade(t),{observedAttributes:s}=t.constructor);let o=(a=(r=(i=t?.getAttribute)==null?void 0:i.call(t,w.MEDIA_CHROME_ATTRIBUTES))==null?void 0:r.split)==null?void 0:a.call(r,/\s+/);return Array.isArray(s||o)?(s||o).filter(d=>yl.includes(d)):[]},wl=t=>{var e,i;return(e=t.nodeName)!=null&&e.includes("-")&&l.customElements.get((i=t.nodeName)==null?void 0:i.toLowerCase())&&!(t instanceof l.customElements.get(t.nodeName.toLowerCase()))&&l.customElements.upgrade(t),kl.some(r=>r in t)},ya=t=>wl(t)||!!Hn(t).length,xn=t=>{var e;return(e=t?.join)==null?void 0:e.call(t,":")},On={[n.MEDIA_SUBTITLES_LIST]:Jt,[n.MEDIA_SUBTITLES_SHOWING]:Jt,[n.MEDIA_SEEKABLE]:xn,[n.MEDIA_BUFFERED]:t=>t?.map(xn).join(" "),[n.MEDIA_PREVIEW_COORDS]:t=>t?.join(" "),[n.MEDIA_RENDITION_LIST]:hn,[n.MEDIA_AUDIO_TRACK_LIST]:mn},Ml=async(t,e,i)=>{var r,a;if(t.isConnected||await zi(0),typeof i=="boolean"||i==null)return S(t,e,i);if(typeof i=="number")return H(t,e,i);if(typeof i=="string")return L(t,e,i);if(Array.isArray(i)&&!i.length)return t.removeAttribute(e);let s=(a=(r=On[e])==null?void 0:r.call(On,i))!=null?a:i;return t.setAttribute(e,s)},Ll=t=>{var e;return!!((e=t.closest)!=null&&e.call(t,'*[slot="media"]'))},at=(t,e)=>{if(Ll(t))return;let i=(a,s)=>{var o,d;ya(a)&&s(a);let{children:c=[]}=a??{},I=(d=(o=a?.shadowRoot)==null?void 0:o.children)!=null?d:[];[...c,...I].forEach(_=>at(_,s))},r=t?.nodeName.toLowerCase();if(r.includes("-")&&!ya(t)){l.customElements.whenDefined(r).then(()=>{i(t,e)});return}i(t,e)},Un=(t,e,i)=>{t.forEach(r=>{if(e in r){r[e]=i;return}let a=Hn(r),s=e.toLowerCase();a.includes(s)&&Ml(r,s,i)})},Rl=(t,e,i)=>{at(t,e);let r=f=>{var _;let p=(_=f?.composedPath()[0])!=null?_:f.target;e(p)},a=f=>{var _;let p=(_=f?.composedPath()[0])!=null?_:f.target;i(p)};t.addEventListener(h.REGISTER_MEDIA_STATE_RECEIVER,r),t.addEventListener(h.UNREGISTER_MEDIA_STATE_RECEIVER,a);let s=f=>{f.forEach(_=>{let{addedNodes:p=[],removedNodes:m=[],type:A,target:g,attributeName:k}=_;A==="childList"?(Array.prototype.forEach.call(p,y=>at(y,e)),Array.prototype.forEach.call(m,y=>at(y,i))):A==="attributes"&&k===w.MEDIA_CHROME_ATTRIBUTES&&(ya(g)?e(g):i(g))})},o=[],d=f=>{let _=f.target;_.name!=="media"&&(o.forEach(p=>at(p,i)),o=[..._.assignedElements({flatten:!0})],o.forEach(p=>at(p,e)))};t.addEventListener("slotchange",d);let c=new MutationObserver(s);return c.observe(t,{childList:!0,attributes:!0,subtree:!0}),()=>{at(t,i),t.removeEventListener("slotchange",d),c.disconnect(),t.removeEventListener(h.REGISTER_MEDIA_STATE_RECEIVER,r),t.removeEventListener(h.UNREGISTER_MEDIA_STATE_RECEIVER,a)}};l.customElements.get("media-controller")||l.customElements.define("media-controller",Ia);var Fn=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},ar=(t,e,i)=>(Fn(t,e,"read from private field"),i?i.call(t):e.get(t)),Dl=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},sr=(t,e,i,r)=>(Fn(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),_e;function Cl(t){return`
    <style>
      :host {
        
        box-sizing: border-box;
        display: var(--media-control-display, var(--media-control-bar-display, inline-flex));
        color: var(--media-text-color, var(--media-primary-color, rgb(238 238 238)));
        --media-loading-indicator-icon-height: 44px;
      }

      ::slotted(media-time-range),
      ::slotted(media-volume-range) {
        min-height: 100%;
      }

      ::slotted(media-time-range),
      ::slotted(media-clip-selector) {
        flex-grow: 1;
      }

      ::slotted([role="menu"]) {
        position: absolute;
      }
    </style>

    <slot></slot>
  `}var ai=class extends l.HTMLElement{constructor(){if(super(),Dl(this,_e,void 0),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=V(this.attributes);this.shadowRoot.innerHTML=this.constructor.getTemplateHTML(e)}}static get observedAttributes(){return[w.MEDIA_CONTROLLER]}attributeChangedCallback(e,i,r){var a,s,o,d,c;e===w.MEDIA_CONTROLLER&&(i&&((s=(a=ar(this,_e))==null?void 0:a.unassociateElement)==null||s.call(a,this),sr(this,_e,null)),r&&this.isConnected&&(sr(this,_e,(o=this.getRootNode())==null?void 0:o.getElementById(r)),(c=(d=ar(this,_e))==null?void 0:d.associateElement)==null||c.call(d,this)))}connectedCallback(){var e,i,r;let a=this.getAttribute(w.MEDIA_CONTROLLER);a&&(sr(this,_e,(e=this.getRootNode())==null?void 0:e.getElementById(a)),(r=(i=ar(this,_e))==null?void 0:i.associateElement)==null||r.call(i,this))}disconnectedCallback(){var e,i;(i=(e=ar(this,_e))==null?void 0:e.unassociateElement)==null||i.call(e,this),sr(this,_e,null)}};_e=new WeakMap;ai.shadowRootOptions={mode:"open"};ai.getTemplateHTML=Cl;l.customElements.get("media-control-bar")||l.customElements.define("media-control-bar",ai);var wt={PLACEMENT:"placement",BOUNDS:"bounds"};function xl(t){return`
    <style>
      :host {
        --_tooltip-background-color: var(--media-tooltip-background-color, var(--media-secondary-color, rgba(20, 20, 30, .7)));
        --_tooltip-background: var(--media-tooltip-background, var(--_tooltip-background-color));
        --_tooltip-arrow-half-width: calc(var(--media-tooltip-arrow-width, 12px) / 2);
        --_tooltip-arrow-height: var(--media-tooltip-arrow-height, 5px);
        --_tooltip-arrow-background: var(--media-tooltip-arrow-color, var(--_tooltip-background-color));
        position: relative;
        pointer-events: none;
        display: var(--media-tooltip-display, inline-flex);
        justify-content: center;
        align-items: center;
        box-sizing: border-box;
        z-index: var(--media-tooltip-z-index, 1);
        background: var(--_tooltip-background);
        color: var(--media-text-color, var(--media-primary-color, rgb(238 238 238)));
        font: var(--media-font,
          var(--media-font-weight, 400)
          var(--media-font-size, 13px) /
          var(--media-text-content-height, var(--media-control-height, 18px))
          var(--media-font-family, helvetica neue, segoe ui, roboto, arial, sans-serif));
        padding: var(--media-tooltip-padding, .35em .7em);
        border: var(--media-tooltip-border, none);
        border-radius: var(--media-tooltip-border-radius, 5px);
        filter: var(--media-tooltip-filter, drop-shadow(0 0 4px rgba(0, 0, 0, .2)));
        white-space: var(--media-tooltip-white-space, nowrap);
      }

      :host([hidden]) {
        display: none;
      }

      img, svg {
        display: inline-block;
      }

      #arrow {
        position: absolute;
        width: 0px;
        height: 0px;
        border-style: solid;
        display: var(--media-tooltip-arrow-display, block);
      }

      :host(:not([placement])),
      :host([placement="top"]) {
        position: absolute;
        bottom: calc(100% + var(--media-tooltip-distance, 12px));
        left: 50%;
        transform: translate(calc(-50% - var(--media-tooltip-offset-x, 0px)), 0);
      }
      :host(:not([placement])) #arrow,
      :host([placement="top"]) #arrow {
        top: 100%;
        left: 50%;
        border-width: var(--_tooltip-arrow-height) var(--_tooltip-arrow-half-width) 0 var(--_tooltip-arrow-half-width);
        border-color: var(--_tooltip-arrow-background) transparent transparent transparent;
        transform: translate(calc(-50% + var(--media-tooltip-offset-x, 0px)), 0);
      }

      :host([placement="right"]) {
        position: absolute;
        left: calc(100% + var(--media-tooltip-distance, 12px));
        top: 50%;
        transform: translate(0, -50%);
      }
      :host([placement="right"]) #arrow {
        top: 50%;
        right: 100%;
        border-width: var(--_tooltip-arrow-half-width) var(--_tooltip-arrow-height) var(--_tooltip-arrow-half-width) 0;
        border-color: transparent var(--_tooltip-arrow-background) transparent transparent;
        transform: translate(0, -50%);
      }

      :host([placement="bottom"]) {
        position: absolute;
        top: calc(100% + var(--media-tooltip-distance, 12px));
        left: 50%;
        transform: translate(calc(-50% - var(--media-tooltip-offset-x, 0px)), 0);
      }
      :host([placement="bottom"]) #arrow {
        bottom: 100%;
        left: 50%;
        border-width: 0 var(--_tooltip-arrow-half-width) var(--_tooltip-arrow-height) var(--_tooltip-arrow-half-width);
        border-color: transparent transparent var(--_tooltip-arrow-background) transparent;
        transform: translate(calc(-50% + var(--media-tooltip-offset-x, 0px)), 0);
      }

      :host([placement="left"]) {
        position: absolute;
        right: calc(100% + var(--media-tooltip-distance, 12px));
        top: 50%;
        transform: translate(0, -50%);
      }
      :host([placement="left"]) #arrow {
        top: 50%;
        left: 100%;
        border-width: var(--_tooltip-arrow-half-width) 0 var(--_tooltip-arrow-half-width) var(--_tooltip-arrow-height);
        border-color: transparent transparent transparent var(--_tooltip-arrow-background);
        transform: translate(0, -50%);
      }
      
      :host([placement="none"]) #arrow {
        display: none;
      }
    </style>
    <slot></slot>
    <div id="arrow"></div>
  `}var Mt=class extends l.HTMLElement{constructor(){if(super(),this.updateXOffset=()=>{var e;if(!Ui(this,{checkOpacity:!1,checkVisibilityCSS:!1}))return;let i=this.placement;if(i==="left"||i==="right"){this.style.removeProperty("--media-tooltip-offset-x");return}let r=getComputedStyle(this),a=(e=Ue(this,"#"+this.bounds))!=null?e:Ys(this);if(!a)return;let{x:s,width:o}=a.getBoundingClientRect(),{x:d,width:c}=this.getBoundingClientRect(),I=d+c,f=s+o,_=r.getPropertyValue("--media-tooltip-offset-x"),p=_?parseFloat(_.replace("px","")):0,m=r.getPropertyValue("--media-tooltip-container-margin"),A=m?parseFloat(m.replace("px","")):0,g=d-s+p-A,k=I-f+p+A;if(g<0){this.style.setProperty("--media-tooltip-offset-x",`${g}px`);return}if(k>0){this.style.setProperty("--media-tooltip-offset-x",`${k}px`);return}this.style.removeProperty("--media-tooltip-offset-x")},!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=V(this.attributes);this.shadowRoot.innerHTML=this.constructor.getTemplateHTML(e)}if(this.arrowEl=this.shadowRoot.querySelector("#arrow"),Object.prototype.hasOwnProperty.call(this,"placement")){let e=this.placement;delete this.placement,this.placement=e}}static get observedAttributes(){return[wt.PLACEMENT,wt.BOUNDS]}get placement(){return R(this,wt.PLACEMENT)}set placement(e){L(this,wt.PLACEMENT,e)}get bounds(){return R(this,wt.BOUNDS)}set bounds(e){L(this,wt.BOUNDS,e)}};Mt.shadowRootOptions={mode:"open"};Mt.getTemplateHTML=xl;l.customElements.get("media-tooltip")||l.customElements.define("media-tooltip",Mt);var wa=Mt;var Ra=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},K=(t,e,i)=>(Ra(t,e,"read from private field"),i?i.call(t):e.get(t)),nt=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},nr=(t,e,i,r)=>(Ra(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),$n=(t,e,i)=>(Ra(t,e,"access private method"),i),be,Rt,Ma,Bn,We,Lt,or,La,Wn,Be={TOOLTIP_PLACEMENT:"tooltipplacement",DISABLED:"disabled",NO_TOOLTIP:"notooltip"};function Ol(t,e={}){return`
    <style>
      :host {
        position: relative;
        font: var(--media-font,
          var(--media-font-weight, bold)
          var(--media-font-size, 14px) /
          var(--media-text-content-height, var(--media-control-height, 24px))
          var(--media-font-family, helvetica neue, segoe ui, roboto, arial, sans-serif));
        color: var(--media-text-color, var(--media-primary-color, rgb(238 238 238)));
        background: var(--media-control-background, var(--media-secondary-color, rgb(20 20 30 / .7)));
        padding: var(--media-button-padding, var(--media-control-padding, 10px));
        justify-content: var(--media-button-justify-content, center);
        display: inline-flex;
        align-items: center;
        vertical-align: middle;
        box-sizing: border-box;
        transition: background .15s linear;
        pointer-events: auto;
        cursor: var(--media-cursor, pointer);
        -webkit-tap-highlight-color: transparent;
      }

      
      :host(:focus-visible) {
        box-shadow: var(--media-focus-box-shadow, inset 0 0 0 2px rgb(27 127 204 / .9));
        outline: 0;
      }
      
      :host(:where(:focus)) {
        box-shadow: none;
        outline: 0;
      }

      :host(:hover) {
        background: var(--media-control-hover-background, rgba(50 50 70 / .7));
      }

      slot[name="icon"] {
        display: inline-flex;
        align-items: center;
      }

      svg, img, ::slotted(svg), ::slotted(img) {
        width: var(--media-button-icon-width);
        height: var(--media-button-icon-height, var(--media-control-height, 24px));
        transform: var(--media-button-icon-transform);
        transition: var(--media-button-icon-transition);
        fill: var(--media-icon-color, var(--media-primary-color, rgb(238 238 238)));
        vertical-align: middle;
        max-width: 100%;
        max-height: 100%;
        min-width: 100%;
      }

      media-tooltip {
        
        max-width: 0;
        overflow-x: clip;
        opacity: 0;
        transition: opacity .3s, max-width 0s 9s;
      }

      :host(:hover) media-tooltip,
      :host(:focus-visible) media-tooltip {
        max-width: 100vw;
        opacity: 1;
        transition: opacity .3s;
      }

      :host([notooltip]) slot[name="tooltip"] {
        display: none;
      }
    </style>

    ${this.getSlotTemplateHTML(t,e)}

    <slot name="tooltip">
      <media-tooltip part="tooltip" aria-hidden="true">
        <template shadowrootmode="${wa.shadowRootOptions.mode}">
          ${wa.getTemplateHTML({})}
        </template>
        <slot name="tooltip-content">
          ${this.getTooltipContentHTML(t)}
        </slot>
      </media-tooltip>
    </slot>
  `}function Ul(t,e){return`
    <slot></slot>
  `}function Pl(){return""}var O=class extends l.HTMLElement{constructor(){if(super(),nt(this,Ma),nt(this,La),nt(this,be,void 0),this.preventClick=!1,this.tooltipEl=null,nt(this,Rt,e=>{this.preventClick||this.handleClick(e),setTimeout(K(this,We),0)}),nt(this,We,()=>{var e,i;(i=(e=this.tooltipEl)==null?void 0:e.updateXOffset)==null||i.call(e)}),nt(this,Lt,e=>{let{key:i}=e;if(!this.keysUsed.includes(i)){this.removeEventListener("keyup",K(this,Lt));return}this.preventClick||this.handleClick(e)}),nt(this,or,e=>{let{metaKey:i,altKey:r,key:a}=e;if(i||r||!this.keysUsed.includes(a)){this.removeEventListener("keyup",K(this,Lt));return}this.addEventListener("keyup",K(this,Lt),{once:!0})}),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=V(this.attributes),i=this.constructor.getTemplateHTML(e);this.shadowRoot.setHTMLUnsafe?this.shadowRoot.setHTMLUnsafe(i):this.shadowRoot.innerHTML=i}this.tooltipEl=this.shadowRoot.querySelector("media-tooltip")}static get observedAttributes(){return["disabled",Be.TOOLTIP_PLACEMENT,w.MEDIA_CONTROLLER,n.MEDIA_LANG]}enable(){this.addEventListener("click",K(this,Rt)),this.addEventListener("keydown",K(this,or)),this.tabIndex=0}disable(){this.removeEventListener("click",K(this,Rt)),this.removeEventListener("keydown",K(this,or)),this.removeEventListener("keyup",K(this,Lt)),this.tabIndex=-1}attributeChangedCallback(e,i,r){var a,s,o,d,c;e===w.MEDIA_CONTROLLER?(i&&((s=(a=K(this,be))==null?void 0:a.unassociateElement)==null||s.call(a,this),nr(this,be,null)),r&&this.isConnected&&(nr(this,be,(o=this.getRootNode())==null?void 0:o.getElementById(r)),(c=(d=K(this,be))==null?void 0:d.associateElement)==null||c.call(d,this))):e==="disabled"&&r!==i?r==null?this.enable():this.disable():e===Be.TOOLTIP_PLACEMENT&&this.tooltipEl&&r!==i?this.tooltipEl.placement=r:e===n.MEDIA_LANG&&(this.shadowRoot.querySelector('slot[name="tooltip-content"]').innerHTML=this.constructor.getTooltipContentHTML()),$n(this,Ma,Bn).call(this)&&K(this,We).call(this)}connectedCallback(){var e,i,r;let{style:a}=C(this.shadowRoot,":host");a.setProperty("display",`var(--media-control-display, var(--${this.localName}-display, inline-flex))`),this.hasAttribute("disabled")?this.disable():this.enable(),this.setAttribute("role","button");let s=this.getAttribute(w.MEDIA_CONTROLLER);s&&(nr(this,be,(e=this.getRootNode())==null?void 0:e.getElementById(s)),(r=(i=K(this,be))==null?void 0:i.associateElement)==null||r.call(i,this)),l.customElements.whenDefined("media-tooltip").then(()=>$n(this,La,Wn).call(this))}disconnectedCallback(){var e,i;this.disable(),(i=(e=K(this,be))==null?void 0:e.unassociateElement)==null||i.call(e,this),nr(this,be,null),this.removeEventListener("mouseenter",K(this,We)),this.removeEventListener("focus",K(this,We)),this.removeEventListener("click",K(this,Rt))}get keysUsed(){return["Enter"," "]}get tooltipPlacement(){return R(this,Be.TOOLTIP_PLACEMENT)}set tooltipPlacement(e){L(this,Be.TOOLTIP_PLACEMENT,e)}get mediaController(){return R(this,w.MEDIA_CONTROLLER)}set mediaController(e){L(this,w.MEDIA_CONTROLLER,e)}get disabled(){return T(this,Be.DISABLED)}set disabled(e){S(this,Be.DISABLED,e)}get noTooltip(){return T(this,Be.NO_TOOLTIP)}set noTooltip(e){S(this,Be.NO_TOOLTIP,e)}handleClick(e){}};be=new WeakMap;Rt=new WeakMap;Ma=new WeakSet;Bn=function(){try{return this.matches(":hover, :focus-visible")}catch{return this.matches(":hover, :focus")}};We=new WeakMap;Lt=new WeakMap;or=new WeakMap;La=new WeakSet;Wn=function(){this.addEventListener("mouseenter",K(this,We)),this.addEventListener("focus",K(this,We)),this.addEventListener("click",K(this,Rt));let t=this.tooltipPlacement;t&&this.tooltipEl&&(this.tooltipEl.placement=t)};O.shadowRootOptions={mode:"open"};O.getTemplateHTML=Ol;O.getSlotTemplateHTML=Ul;O.getTooltipContentHTML=Pl;l.customElements.get("media-chrome-button")||l.customElements.define("media-chrome-button",O);var Nl=`<svg aria-hidden="true" viewBox="0 0 24 24">
  <path d="m6 21 15-9L6 3v18Z"/>
</svg>`,Hl=`<svg aria-hidden="true" viewBox="0 0 24 24">
  <path d="M6 20h4V4H6v16Zm8-16v16h4V4h-4Z"/>
</svg>`;function Fl(t){return`
    <style>
      :host([${n.MEDIA_PAUSED}]) slot[name=pause],
      :host(:not([${n.MEDIA_PAUSED}])) slot[name=play] {
        display: none !important;
      }

      :host([${n.MEDIA_PAUSED}]) slot[name=tooltip-pause],
      :host(:not([${n.MEDIA_PAUSED}])) slot[name=tooltip-play] {
        display: none;
      }
    </style>

    <slot name="icon">
      <slot name="play">${Nl}</slot>
      <slot name="pause">${Hl}</slot>
    </slot>
  `}function $l(){return`
    <slot name="tooltip-play">${v("Play")}</slot>
    <slot name="tooltip-pause">${v("Pause")}</slot>
  `}var Vn=t=>{let e=t.mediaPaused?v("play"):v("pause");t.setAttribute("aria-label",e)},si=class extends O{static get observedAttributes(){return[...super.observedAttributes,n.MEDIA_PAUSED,n.MEDIA_ENDED]}connectedCallback(){super.connectedCallback(),Vn(this)}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),(e===n.MEDIA_PAUSED||e===n.MEDIA_LANG)&&Vn(this)}get mediaPaused(){return T(this,n.MEDIA_PAUSED)}set mediaPaused(e){S(this,n.MEDIA_PAUSED,e)}handleClick(){let e=this.mediaPaused?h.MEDIA_PLAY_REQUEST:h.MEDIA_PAUSE_REQUEST;this.dispatchEvent(new l.CustomEvent(e,{composed:!0,bubbles:!0}))}};si.getSlotTemplateHTML=Fl;si.getTooltipContentHTML=$l;l.customElements.get("media-play-button")||l.customElements.define("media-play-button",si);var Bl=`<svg aria-hidden="true" viewBox="0 0 24 24">
  <path d="M16.5 12A4.5 4.5 0 0 0 14 8v2.18l2.45 2.45a4.22 4.22 0 0 0 .05-.63Zm2.5 0a6.84 6.84 0 0 1-.54 2.64L20 16.15A8.8 8.8 0 0 0 21 12a9 9 0 0 0-7-8.77v2.06A7 7 0 0 1 19 12ZM4.27 3 3 4.27 7.73 9H3v6h4l5 5v-6.73l4.25 4.25A6.92 6.92 0 0 1 14 18.7v2.06A9 9 0 0 0 17.69 19l2 2.05L21 19.73l-9-9L4.27 3ZM12 4 9.91 6.09 12 8.18V4Z"/>
</svg>`,Kn=`<svg aria-hidden="true" viewBox="0 0 24 24">
  <path d="M3 9v6h4l5 5V4L7 9H3Zm13.5 3A4.5 4.5 0 0 0 14 8v8a4.47 4.47 0 0 0 2.5-4Z"/>
</svg>`,Wl=`<svg aria-hidden="true" viewBox="0 0 24 24">
  <path d="M3 9v6h4l5 5V4L7 9H3Zm13.5 3A4.5 4.5 0 0 0 14 8v8a4.47 4.47 0 0 0 2.5-4ZM14 3.23v2.06a7 7 0 0 1 0 13.42v2.06a9 9 0 0 0 0-17.54Z"/>
</svg>`;function Vl(t){return`
    <style>
      :host(:not([${n.MEDIA_VOLUME_LEVEL}])) slot[name=icon] slot:not([name=high]),
      :host([${n.MEDIA_VOLUME_LEVEL}=high]) slot[name=icon] slot:not([name=high]) {
        display: none !important;
      }

      :host([${n.MEDIA_VOLUME_LEVEL}=off]) slot[name=icon] slot:not([name=off]) {
        display: none !important;
      }

      :host([${n.MEDIA_VOLUME_LEVEL}=low]) slot[name=icon] slot:not([name=low]) {
        display: none !important;
      }

      :host([${n.MEDIA_VOLUME_LEVEL}=medium]) slot[name=icon] slot:not([name=medium]) {
        display: none !important;
      }

      :host(:not([${n.MEDIA_VOLUME_LEVEL}=off])) slot[name=tooltip-unmute],
      :host([${n.MEDIA_VOLUME_LEVEL}=off]) slot[name=tooltip-mute] {
        display: none;
      }
    </style>

    <slot name="icon">
      <slot name="off">${Bl}</slot>
      <slot name="low">${Kn}</slot>
      <slot name="medium">${Kn}</slot>
      <slot name="high">${Wl}</slot>
    </slot>
  `}function Kl(){return`
    <slot name="tooltip-mute">${v("Mute")}</slot>
    <slot name="tooltip-unmute">${v("Unmute")}</slot>
  `}var Gn=t=>{let i=t.mediaVolumeLevel==="off"?v("unmute"):v("mute");t.setAttribute("aria-label",i)},ni=class extends O{static get observedAttributes(){return[...super.observedAttributes,n.MEDIA_VOLUME_LEVEL]}connectedCallback(){super.connectedCallback(),Gn(this)}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),e===n.MEDIA_VOLUME_LEVEL&&Gn(this)}get mediaVolumeLevel(){return R(this,n.MEDIA_VOLUME_LEVEL)}set mediaVolumeLevel(e){L(this,n.MEDIA_VOLUME_LEVEL,e)}handleClick(){let e=this.mediaVolumeLevel==="off"?h.MEDIA_UNMUTE_REQUEST:h.MEDIA_MUTE_REQUEST;this.dispatchEvent(new l.CustomEvent(e,{composed:!0,bubbles:!0}))}};ni.getSlotTemplateHTML=Vl;ni.getTooltipContentHTML=Kl;l.customElements.get("media-mute-button")||l.customElements.define("media-mute-button",ni);var Na=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},N=(t,e,i)=>(Na(t,e,"read from private field"),i?i.call(t):e.get(t)),X=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},Ve=(t,e,i,r)=>(Na(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),pe=(t,e,i)=>(Na(t,e,"access private method"),i),Ae,fr,lr,dr,Ee,Er,cr,ur,hr,Ha,qn,mr,Da,pr,Ca,vr,Fa,xa,Yn,Oa,Qn,Ua,zn,Pa,Zn;function Gl(t){return`
    <style>
      :host {
        --_focus-box-shadow: var(--media-focus-box-shadow, inset 0 0 0 2px rgb(27 127 204 / .9));
        --_media-range-padding: var(--media-range-padding, var(--media-control-padding, 10px));

        box-shadow: var(--_focus-visible-box-shadow, none);
        background: var(--media-control-background, var(--media-secondary-color, rgb(20 20 30 / .7)));
        height: calc(var(--media-control-height, 24px) + 2 * var(--_media-range-padding));
        display: inline-flex;
        align-items: center;
        
        vertical-align: middle;
        box-sizing: border-box;
        position: relative;
        width: 100px;
        transition: background .15s linear;
        cursor: var(--media-cursor, pointer);
        pointer-events: auto;
        touch-action: none; 
      }

      
      input[type=range]:focus {
        outline: 0;
      }
      input[type=range]:focus::-webkit-slider-runnable-track {
        outline: 0;
      }

      :host(:hover) {
        background: var(--media-control-hover-background, rgb(50 50 70 / .7));
      }

      #leftgap {
        padding-left: var(--media-range-padding-left, var(--_media-range-padding));
      }

      #rightgap {
        padding-right: var(--media-range-padding-right, var(--_media-range-padding));
      }

      #startpoint,
      #endpoint {
        position: absolute;
      }

      #endpoint {
        right: 0;
      }

      #container {
        
        width: var(--media-range-track-width, 100%);
        transform: translate(var(--media-range-track-translate-x, 0px), var(--media-range-track-translate-y, 0px));
        position: relative;
        height: 100%;
        display: flex;
        align-items: center;
        min-width: 40px;
      }

      #range {
        
        display: var(--media-time-range-hover-display, block);
        bottom: var(--media-time-range-hover-bottom, 0);
        height: var(--media-time-range-hover-height, max(100% , 25px));
        width: 100%;
        position: absolute;
        cursor: var(--media-cursor, pointer);

        -webkit-appearance: none; 
        -webkit-tap-highlight-color: transparent;
        background: transparent; 
        margin: 0;
        z-index: 1;
      }

      @media (hover: hover) {
        #range {
          bottom: var(--media-time-range-hover-bottom, 0);
          height: var(--media-time-range-hover-height, max(100%, 20px));
        }
      }

      
      
      #range::-webkit-slider-thumb {
        -webkit-appearance: none;
        background: transparent;
        width: .1px;
        height: .1px;
      }

      
      #range::-moz-range-thumb {
        background: transparent;
        border: transparent;
        width: .1px;
        height: .1px;
      }

      #appearance {
        height: var(--media-range-track-height, 4px);
        display: flex;
        flex-direction: column;
        justify-content: center;
        width: 100%;
        position: absolute;
        
        will-change: transform;
      }

      #track {
        background: var(--media-range-track-background, rgb(255 255 255 / .2));
        border-radius: var(--media-range-track-border-radius, 1px);
        border: var(--media-range-track-border, none);
        outline: var(--media-range-track-outline);
        outline-offset: var(--media-range-track-outline-offset);
        backdrop-filter: var(--media-range-track-backdrop-filter);
        -webkit-backdrop-filter: var(--media-range-track-backdrop-filter);
        box-shadow: var(--media-range-track-box-shadow, none);
        position: absolute;
        width: 100%;
        height: 100%;
        overflow: hidden;
      }

      #progress,
      #pointer {
        position: absolute;
        height: 100%;
        will-change: width;
      }

      #progress {
        background: var(--media-range-bar-color, var(--media-primary-color, rgb(238 238 238)));
        transition: var(--media-range-track-transition);
      }

      #pointer {
        background: var(--media-range-track-pointer-background);
        border-right: var(--media-range-track-pointer-border-right);
        transition: visibility .25s, opacity .25s;
        visibility: hidden;
        opacity: 0;
      }

      @media (hover: hover) {
        :host(:hover) #pointer {
          transition: visibility .5s, opacity .5s;
          visibility: visible;
          opacity: 1;
        }
      }

      #thumb,
      ::slotted([slot=thumb]) {
        width: var(--media-range-thumb-width, 10px);
        height: var(--media-range-thumb-height, 10px);
        transition: var(--media-range-thumb-transition);
        transform: var(--media-range-thumb-transform, none);
        opacity: var(--media-range-thumb-opacity, 1);
        translate: -50%;
        position: absolute;
        left: 0;
        cursor: var(--media-cursor, pointer);
      }

      #thumb {
        border-radius: var(--media-range-thumb-border-radius, 10px);
        background: var(--media-range-thumb-background, var(--media-primary-color, rgb(238 238 238)));
        box-shadow: var(--media-range-thumb-box-shadow, 1px 1px 1px transparent);
        border: var(--media-range-thumb-border, none);
      }

      :host([disabled]) #thumb {
        background-color: #777;
      }

      .segments #appearance {
        height: var(--media-range-segment-hover-height, 7px);
      }

      #track {
        clip-path: url(#segments-clipping);
      }

      #segments {
        --segments-gap: var(--media-range-segments-gap, 2px);
        position: absolute;
        width: 100%;
        height: 100%;
      }

      #segments-clipping {
        transform: translateX(calc(var(--segments-gap) / 2));
      }

      #segments-clipping:empty {
        display: none;
      }

      #segments-clipping rect {
        height: var(--media-range-track-height, 4px);
        y: calc((var(--media-range-segment-hover-height, 7px) - var(--media-range-track-height, 4px)) / 2);
        transition: var(--media-range-segment-transition, transform .1s ease-in-out);
        transform: var(--media-range-segment-transform, scaleY(1));
        transform-origin: center;
      }

      /* Visible label for accessibility - positioned off-screen but technically visible (Firefox requires visible labels) */
      #range-label {
        position: absolute;
        left: -10000px;
        background: var(--media-control-background, var(--media-secondary-color, rgb(20 20 30 / .7)));
        pointer-events: none;
      }
    </style>
    <div id="leftgap"></div>
    <div id="container">
      <div id="startpoint"></div>
      <div id="endpoint"></div>
      <div id="appearance">
        <div id="track" part="track">
          <div id="pointer"></div>
          <div id="progress" part="progress"></div>
        </div>
        <slot name="thumb">
          <div id="thumb" part="thumb"></div>
        </slot>
        <svg id="segments" aria-hidden="true"><clipPath id="segments-clipping"></clipPath></svg>
      </div>
        <input id="range" type="range" min="0" max="1" step="any" value="0">
        <label for="range" id="range-label"></label>

      ${this.getContainerTemplateHTML(t)}
    </div>
    <div id="rightgap"></div>
  `}function ql(t){return""}var Te=class extends l.HTMLElement{constructor(){if(super(),X(this,Ha),X(this,mr),X(this,pr),X(this,vr),X(this,xa),X(this,Oa),X(this,Ua),X(this,Pa),X(this,Ae,void 0),X(this,fr,void 0),X(this,lr,void 0),X(this,dr,void 0),X(this,Ee,{}),X(this,Er,[]),X(this,cr,()=>{if(this.range.matches(":focus-visible")){let{style:e}=C(this.shadowRoot,":host");e.setProperty("--_focus-visible-box-shadow","var(--_focus-box-shadow)")}}),X(this,ur,()=>{let{style:e}=C(this.shadowRoot,":host");e.removeProperty("--_focus-visible-box-shadow")}),X(this,hr,()=>{let e=this.shadowRoot.querySelector("#segments-clipping");e&&e.parentNode.append(e)}),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=V(this.attributes),i=this.constructor.getTemplateHTML(e);this.shadowRoot.setHTMLUnsafe?this.shadowRoot.setHTMLUnsafe(i):this.shadowRoot.innerHTML=i}this.container=this.shadowRoot.querySelector("#container"),Ve(this,lr,this.shadowRoot.querySelector("#startpoint")),Ve(this,dr,this.shadowRoot.querySelector("#endpoint")),this.range=this.shadowRoot.querySelector("#range"),this.appearance=this.shadowRoot.querySelector("#appearance")}static get observedAttributes(){return["disabled","aria-disabled",w.MEDIA_CONTROLLER]}attributeChangedCallback(e,i,r){var a,s,o,d,c;e===w.MEDIA_CONTROLLER?(i&&((s=(a=N(this,Ae))==null?void 0:a.unassociateElement)==null||s.call(a,this),Ve(this,Ae,null)),r&&this.isConnected&&(Ve(this,Ae,(o=this.getRootNode())==null?void 0:o.getElementById(r)),(c=(d=N(this,Ae))==null?void 0:d.associateElement)==null||c.call(d,this))):(e==="disabled"||e==="aria-disabled"&&i!==r)&&(r==null?(this.range.removeAttribute(e),pe(this,mr,Da).call(this)):(this.range.setAttribute(e,r),pe(this,pr,Ca).call(this)))}connectedCallback(){var e,i,r;let{style:a}=C(this.shadowRoot,":host");a.setProperty("display",`var(--media-control-display, var(--${this.localName}-display, inline-flex))`),N(this,Ee).pointer=C(this.shadowRoot,"#pointer"),N(this,Ee).progress=C(this.shadowRoot,"#progress"),N(this,Ee).thumb=C(this.shadowRoot,'#thumb, ::slotted([slot="thumb"])'),N(this,Ee).activeSegment=C(this.shadowRoot,"#segments-clipping rect:nth-child(0)");let s=this.getAttribute(w.MEDIA_CONTROLLER);s&&(Ve(this,Ae,(e=this.getRootNode())==null?void 0:e.getElementById(s)),(r=(i=N(this,Ae))==null?void 0:i.associateElement)==null||r.call(i,this)),this.updateBar(),this.shadowRoot.addEventListener("focusin",N(this,cr)),this.shadowRoot.addEventListener("focusout",N(this,ur)),pe(this,mr,Da).call(this),Di(this.container,N(this,hr))}disconnectedCallback(){var e,i;pe(this,pr,Ca).call(this),(i=(e=N(this,Ae))==null?void 0:e.unassociateElement)==null||i.call(e,this),Ve(this,Ae,null),this.shadowRoot.removeEventListener("focusin",N(this,cr)),this.shadowRoot.removeEventListener("focusout",N(this,ur)),Ci(this.container,N(this,hr))}updatePointerBar(e){var i;(i=N(this,Ee).pointer)==null||i.style.setProperty("width",`${this.getPointerRatio(e)*100}%`)}updateBar(){var e,i;let r=this.range.valueAsNumber*100;(e=N(this,Ee).progress)==null||e.style.setProperty("width",`${r}%`),(i=N(this,Ee).thumb)==null||i.style.setProperty("left",`${r}%`)}updateSegments(e){let i=this.shadowRoot.querySelector("#segments-clipping");if(i.textContent="",this.container.classList.toggle("segments",!!e?.length),!e?.length)return;let r=[...new Set([+this.range.min,...e.flatMap(s=>[s.start,s.end]),+this.range.max])];Ve(this,Er,[...r]);let a=r.pop();for(let[s,o]of r.entries()){let[d,c]=[s===0,s===r.length-1],I=d?"calc(var(--segments-gap) / -1)":`${o*100}%`,_=`calc(${((c?a:r[s+1])-o)*100}%${d||c?"":" - var(--segments-gap)"})`,p=W.createElementNS("http://www.w3.org/2000/svg","rect"),m=ea(this.shadowRoot,`#segments-clipping rect:nth-child(${s+1})`);m.style.setProperty("x",I),m.style.setProperty("width",_),i.append(p)}}getPointerRatio(e){return Qs(e.clientX,e.clientY,N(this,lr).getBoundingClientRect(),N(this,dr).getBoundingClientRect())}get dragging(){return this.hasAttribute("dragging")}handleEvent(e){switch(e.type){case"pointermove":pe(this,Pa,Zn).call(this,e);break;case"input":this.updateBar();break;case"pointerenter":pe(this,xa,Yn).call(this,e);break;case"pointerdown":pe(this,vr,Fa).call(this,e);break;case"pointerup":pe(this,Oa,Qn).call(this);break;case"pointerleave":pe(this,Ua,zn).call(this);break}}get keysUsed(){return["ArrowUp","ArrowRight","ArrowDown","ArrowLeft"]}};Ae=new WeakMap;fr=new WeakMap;lr=new WeakMap;dr=new WeakMap;Ee=new WeakMap;Er=new WeakMap;cr=new WeakMap;ur=new WeakMap;hr=new WeakMap;Ha=new WeakSet;qn=function(t){let e=N(this,Ee).activeSegment;if(!e)return;let i=this.getPointerRatio(t),a=`#segments-clipping rect:nth-child(${N(this,Er).findIndex((s,o,d)=>{let c=d[o+1];return c!=null&&i>=s&&i<=c})+1})`;(e.selectorText!=a||!e.style.transform)&&(e.selectorText=a,e.style.setProperty("transform","var(--media-range-segment-hover-transform, scaleY(2))"))};mr=new WeakSet;Da=function(){this.hasAttribute("disabled")||!this.isConnected||(this.addEventListener("input",this),this.addEventListener("pointerdown",this),this.addEventListener("pointerenter",this))};pr=new WeakSet;Ca=function(){var t,e;this.removeEventListener("input",this),this.removeEventListener("pointerdown",this),this.removeEventListener("pointerenter",this),this.removeEventListener("pointerleave",this),(t=l.window)==null||t.removeEventListener("pointerup",this),(e=l.window)==null||e.removeEventListener("pointermove",this)};vr=new WeakSet;Fa=function(t){var e;Ve(this,fr,t.composedPath().includes(this.range)),(e=l.window)==null||e.addEventListener("pointerup",this,{once:!0})};xa=new WeakSet;Yn=function(t){var e;t.pointerType!=="mouse"&&pe(this,vr,Fa).call(this,t),this.addEventListener("pointerleave",this,{once:!0}),(e=l.window)==null||e.addEventListener("pointermove",this)};Oa=new WeakSet;Qn=function(){var t;(t=l.window)==null||t.removeEventListener("pointerup",this),this.toggleAttribute("dragging",!1),this.range.disabled=this.hasAttribute("disabled")};Ua=new WeakSet;zn=function(){var t,e;this.removeEventListener("pointerleave",this),(t=l.window)==null||t.removeEventListener("pointermove",this),this.toggleAttribute("dragging",!1),this.range.disabled=this.hasAttribute("disabled"),(e=N(this,Ee).activeSegment)==null||e.style.removeProperty("transform")};Pa=new WeakSet;Zn=function(t){t.pointerType==="pen"&&t.buttons===0||(this.toggleAttribute("dragging",t.buttons===1||t.pointerType!=="mouse"),this.updatePointerBar(t),pe(this,Ha,qn).call(this,t),this.dragging&&(t.pointerType!=="mouse"||!N(this,fr))&&(this.range.disabled=!0,this.range.valueAsNumber=this.getPointerRatio(t),this.range.dispatchEvent(new Event("input",{bubbles:!0,composed:!0}))))};Te.shadowRootOptions={mode:"open"};Te.getTemplateHTML=Gl;Te.getContainerTemplateHTML=ql;l.customElements.get("media-chrome-range")||l.customElements.define("media-chrome-range",Te);var Yl=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},Xn=(t,e,i)=>(Yl(t,e,"read from private field"),i?i.call(t):e.get(t)),Ql=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},gr,zl=1,Zl=t=>t.mediaMuted?0:t.mediaVolume,Xl=t=>`${Math.round(t*100)}%`,$a=class extends Te{constructor(){super(...arguments),Ql(this,gr,()=>{let e=this.range.value,i=new l.CustomEvent(h.MEDIA_VOLUME_REQUEST,{composed:!0,bubbles:!0,detail:e});this.dispatchEvent(i)})}static get observedAttributes(){return[...super.observedAttributes,n.MEDIA_VOLUME,n.MEDIA_MUTED,n.MEDIA_VOLUME_UNAVAILABLE]}connectedCallback(){super.connectedCallback(),this.range.setAttribute("aria-label",v("volume")),this.range.addEventListener("input",Xn(this,gr))}disconnectedCallback(){this.range.removeEventListener("input",Xn(this,gr)),super.disconnectedCallback()}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),(e===n.MEDIA_VOLUME||e===n.MEDIA_MUTED)&&(this.range.valueAsNumber=Zl(this),this.range.setAttribute("aria-valuetext",Xl(this.range.valueAsNumber)),this.updateBar())}get mediaVolume(){return x(this,n.MEDIA_VOLUME,zl)}set mediaVolume(e){H(this,n.MEDIA_VOLUME,e)}get mediaMuted(){return T(this,n.MEDIA_MUTED)}set mediaMuted(e){S(this,n.MEDIA_MUTED,e)}get mediaVolumeUnavailable(){return R(this,n.MEDIA_VOLUME_UNAVAILABLE)}set mediaVolumeUnavailable(e){L(this,n.MEDIA_VOLUME_UNAVAILABLE,e)}};gr=new WeakMap;l.customElements.get("media-volume-range")||l.customElements.define("media-volume-range",$a);var Jn=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},_r=(t,e,i)=>(Jn(t,e,"read from private field"),i?i.call(t):e.get(t)),Jl=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},br=(t,e,i,r)=>(Jn(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),Se;function jl(t){return`
    <style>
      :host {
        box-sizing: border-box;
        display: var(--media-control-display, var(--media-preview-thumbnail-display, inline-block));
        overflow: hidden;
      }

      img {
        display: none;
        position: relative;
      }
    </style>
    <img crossorigin loading="eager" decoding="async">
  `}var Dt=class extends l.HTMLElement{constructor(){if(super(),Jl(this,Se,void 0),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=V(this.attributes);this.shadowRoot.innerHTML=this.constructor.getTemplateHTML(e)}}static get observedAttributes(){return[w.MEDIA_CONTROLLER,n.MEDIA_PREVIEW_IMAGE,n.MEDIA_PREVIEW_COORDS]}connectedCallback(){var e,i,r;let a=this.getAttribute(w.MEDIA_CONTROLLER);a&&(br(this,Se,(e=this.getRootNode())==null?void 0:e.getElementById(a)),(r=(i=_r(this,Se))==null?void 0:i.associateElement)==null||r.call(i,this))}disconnectedCallback(){var e,i;(i=(e=_r(this,Se))==null?void 0:e.unassociateElement)==null||i.call(e,this),br(this,Se,null)}attributeChangedCallback(e,i,r){var a,s,o,d,c;[n.MEDIA_PREVIEW_IMAGE,n.MEDIA_PREVIEW_COORDS].includes(e)&&this.update(),e===w.MEDIA_CONTROLLER&&(i&&((s=(a=_r(this,Se))==null?void 0:a.unassociateElement)==null||s.call(a,this),br(this,Se,null)),r&&this.isConnected&&(br(this,Se,(o=this.getRootNode())==null?void 0:o.getElementById(r)),(c=(d=_r(this,Se))==null?void 0:d.associateElement)==null||c.call(d,this)))}get mediaPreviewImage(){return R(this,n.MEDIA_PREVIEW_IMAGE)}set mediaPreviewImage(e){L(this,n.MEDIA_PREVIEW_IMAGE,e)}get mediaPreviewCoords(){let e=this.getAttribute(n.MEDIA_PREVIEW_COORDS);if(e)return e.split(/\s+/).map(i=>+i)}set mediaPreviewCoords(e){if(!e){this.removeAttribute(n.MEDIA_PREVIEW_COORDS);return}this.setAttribute(n.MEDIA_PREVIEW_COORDS,e.join(" "))}update(){let e=this.mediaPreviewCoords,i=this.mediaPreviewImage;if(!(e&&i))return;let[r,a,s,o]=e,d=i.split("#")[0],c=getComputedStyle(this),{maxWidth:I,maxHeight:f,minWidth:_,minHeight:p}=c,m=c.getPropertyValue("--media-preview-thumbnail-object-fit").trim()||"contain",A,g;if(m==="fill"){let Le=parseInt(I)/s,Re=parseInt(f)/o,Bt=parseInt(_)/s,ze=parseInt(p)/o;A=Le<1?Le:Math.max(Le,Bt),g=Re<1?Re:Math.max(Re,ze)}else{let Le=Math.min(parseInt(I)/s,parseInt(f)/o),Re=Math.max(parseInt(_)/s,parseInt(p)/o),ze=Le<1?Le:Re>1?Re:1;A=ze,g=ze}let{style:k}=C(this.shadowRoot,":host"),y=C(this.shadowRoot,"img").style,q=this.shadowRoot.querySelector("img"),Qe=Math.min(A,g)<1?"min":"max";k.setProperty(`${Qe}-width`,"initial","important"),k.setProperty(`${Qe}-height`,"initial","important"),k.width=`${s*A}px`,k.height=`${o*g}px`;let Me=()=>{y.width=`${this.imgWidth*A}px`,y.height=`${this.imgHeight*g}px`,y.display="block"};q.src!==d&&(q.onload=()=>{this.imgWidth=q.naturalWidth,this.imgHeight=q.naturalHeight,Me(),q.onload=null},q.src=d,Me()),Me(),y.transform=`translate(-${r*A}px, -${a*g}px)`}};Se=new WeakMap;Dt.shadowRootOptions={mode:"open"};Dt.getTemplateHTML=jl;l.customElements.get("media-preview-thumbnail")||l.customElements.define("media-preview-thumbnail",Dt);var Ba=Dt;var jn=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},Ar=(t,e,i)=>(jn(t,e,"read from private field"),i?i.call(t):e.get(t)),ed=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},Tr=(t,e,i,r)=>(jn(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),Ie;function td(t,e={}){return`
    <style>
      :host {
        font: var(--media-font,
          var(--media-font-weight, normal)
          var(--media-font-size, 14px) /
          var(--media-text-content-height, var(--media-control-height, 24px))
          var(--media-font-family, helvetica neue, segoe ui, roboto, arial, sans-serif));
        color: var(--media-text-color, var(--media-primary-color, rgb(238 238 238)));
        background: var(--media-text-background, var(--media-control-background, var(--media-secondary-color, rgb(20 20 30 / .7))));
        padding: var(--media-control-padding, 10px);
        display: inline-flex;
        justify-content: center;
        align-items: center;
        vertical-align: middle;
        box-sizing: border-box;
        text-align: center;
        pointer-events: auto;
      }

      
      :host(:focus-visible) {
        box-shadow: var(--media-focus-box-shadow, inset 0 0 0 2px rgb(27 127 204 / .9));
        outline: 0;
      }

      
      :host(:where(:focus)) {
        box-shadow: none;
        outline: 0;
      }
    </style>

    ${this.getSlotTemplateHTML(t,e)}
  `}function id(t,e){return`
    <slot></slot>
  `}var ne=class extends l.HTMLElement{constructor(){if(super(),ed(this,Ie,void 0),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=V(this.attributes);this.shadowRoot.innerHTML=this.constructor.getTemplateHTML(e)}}static get observedAttributes(){return[w.MEDIA_CONTROLLER]}attributeChangedCallback(e,i,r){var a,s,o,d,c;e===w.MEDIA_CONTROLLER&&(i&&((s=(a=Ar(this,Ie))==null?void 0:a.unassociateElement)==null||s.call(a,this),Tr(this,Ie,null)),r&&this.isConnected&&(Tr(this,Ie,(o=this.getRootNode())==null?void 0:o.getElementById(r)),(c=(d=Ar(this,Ie))==null?void 0:d.associateElement)==null||c.call(d,this)))}connectedCallback(){var e,i,r;let{style:a}=C(this.shadowRoot,":host");a.setProperty("display",`var(--media-control-display, var(--${this.localName}-display, inline-flex))`);let s=this.getAttribute(w.MEDIA_CONTROLLER);s&&(Tr(this,Ie,(e=this.getRootNode())==null?void 0:e.getElementById(s)),(r=(i=Ar(this,Ie))==null?void 0:i.associateElement)==null||r.call(i,this))}disconnectedCallback(){var e,i;(i=(e=Ar(this,Ie))==null?void 0:e.unassociateElement)==null||i.call(e,this),Tr(this,Ie,null)}};Ie=new WeakMap;ne.shadowRootOptions={mode:"open"};ne.getTemplateHTML=td;ne.getSlotTemplateHTML=id;l.customElements.get("media-text-display")||l.customElements.define("media-text-display",ne);var eo=[{singular:"hour",plural:"hours"},{singular:"minute",plural:"minutes"},{singular:"second",plural:"seconds"}],to=(t,e)=>{let i=t===1?v(eo[e].singular):v(eo[e].plural);return`${t} ${i}`},ot=t=>{if(!It(t))return"";let e=Math.abs(t),i=e!==t,r=new Date(0,0,0,0,0,e,0),s=[r.getHours(),r.getMinutes(),r.getSeconds()].map((o,d)=>o&&to(o,d)).filter(o=>o).join(", ");return i?v("{time} remaining",{time:s}):e===0?to(0,2):s};function lt(t,e){let i=!1;t<0&&(i=!0,t=0-t),t=t<0?0:t;let r=Math.floor(t%60),a=Math.floor(t/60%60),s=Math.floor(t/3600),o=Math.floor(e/60%60),d=Math.floor(e/3600);return(isNaN(t)||t===1/0)&&(s=a=r="0"),s=s>0||d>0?s+":":"",a=((s||o>=10)&&a<10?"0"+a:a)+":",r=r<10?"0"+r:r,(i?"-":"")+s+a+r}var gh=Object.freeze({length:0,start(t){let e=t>>>0;if(e>=this.length)throw new DOMException(`Failed to execute 'start' on 'TimeRanges': The index provided (${e}) is greater than or equal to the maximum bound (${this.length}).`);return 0},end(t){let e=t>>>0;if(e>=this.length)throw new DOMException(`Failed to execute 'end' on 'TimeRanges': The index provided (${e}) is greater than or equal to the maximum bound (${this.length}).`);return 0}});var ro=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},io=(t,e,i)=>(ro(t,e,"read from private field"),i?i.call(t):e.get(t)),rd=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},ad=(t,e,i,r)=>(ro(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),oi,Wa=class extends ne{constructor(){super(),rd(this,oi,void 0),ad(this,oi,this.shadowRoot.querySelector("slot")),io(this,oi).textContent=lt(0)}static get observedAttributes(){return[...super.observedAttributes,n.MEDIA_PREVIEW_TIME]}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),e===n.MEDIA_PREVIEW_TIME&&r!=null&&(io(this,oi).textContent=lt(parseFloat(r)))}get mediaPreviewTime(){return x(this,n.MEDIA_PREVIEW_TIME)}set mediaPreviewTime(e){H(this,n.MEDIA_PREVIEW_TIME,e)}};oi=new WeakMap;l.customElements.get("media-preview-time-display")||l.customElements.define("media-preview-time-display",Wa);var ao=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},sd=(t,e,i)=>(ao(t,e,"read from private field"),i?i.call(t):e.get(t)),nd=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},od=(t,e,i,r)=>(ao(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),Sr,Va=class extends ne{constructor(){super(),nd(this,Sr,void 0),od(this,Sr,this.shadowRoot.querySelector("slot"))}static get observedAttributes(){return[...super.observedAttributes,n.MEDIA_PREVIEW_CHAPTER,n.MEDIA_LANG]}attributeChangedCallback(e,i,r){if(super.attributeChangedCallback(e,i,r),(e===n.MEDIA_PREVIEW_CHAPTER||e===n.MEDIA_LANG)&&r!==i&&r!=null)if(sd(this,Sr).textContent=r,r!==""){let a=v("chapter: {chapterName}",{chapterName:r});this.setAttribute("aria-valuetext",a)}else this.removeAttribute("aria-valuetext")}get mediaPreviewChapter(){return R(this,n.MEDIA_PREVIEW_CHAPTER)}set mediaPreviewChapter(e){L(this,n.MEDIA_PREVIEW_CHAPTER,e)}};Sr=new WeakMap;l.customElements.get("media-preview-chapter-display")||l.customElements.define("media-preview-chapter-display",Va);var so=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},z=(t,e,i)=>(so(t,e,"read from private field"),i?i.call(t):e.get(t)),ye=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},se=(t,e,i,r)=>(so(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),ld=(t,e,i,r)=>({set _(a){se(t,e,a,i)},get _(){return z(t,e,r)}}),Ct,Ir,xt,li,yr,kr,wr,Ot,dt,Mr,Lr=class{constructor(e,i,r){ye(this,Ct,void 0),ye(this,Ir,void 0),ye(this,xt,void 0),ye(this,li,void 0),ye(this,yr,void 0),ye(this,kr,void 0),ye(this,wr,void 0),ye(this,Ot,void 0),ye(this,dt,0),ye(this,Mr,(a=performance.now())=>{se(this,dt,requestAnimationFrame(z(this,Mr))),se(this,li,performance.now()-z(this,xt));let s=1e3/this.fps;if(z(this,li)>s){se(this,xt,a-z(this,li)%s);let o=1e3/((a-z(this,Ir))/++ld(this,yr)._),d=(a-z(this,kr))/1e3/this.duration,c=z(this,wr)+d*this.playbackRate;c-z(this,Ct).valueAsNumber>0?se(this,Ot,this.playbackRate/this.duration/o):(se(this,Ot,.995*z(this,Ot)),c=z(this,Ct).valueAsNumber+z(this,Ot)),this.callback(c)}}),se(this,Ct,e),this.callback=i,this.fps=r}start(){z(this,dt)===0&&(se(this,xt,performance.now()),se(this,Ir,z(this,xt)),se(this,yr,0),z(this,Mr).call(this))}stop(){z(this,dt)!==0&&(cancelAnimationFrame(z(this,dt)),se(this,dt,0))}update({start:e,duration:i,playbackRate:r}){let a=e-z(this,Ct).valueAsNumber,s=Math.abs(i-this.duration);(a>0||a<-.5/i||s>=.5)&&this.callback(e),se(this,wr,e),se(this,kr,performance.now()),this.duration=i,this.playbackRate=r}};Ct=new WeakMap;Ir=new WeakMap;xt=new WeakMap;li=new WeakMap;yr=new WeakMap;kr=new WeakMap;wr=new WeakMap;Ot=new WeakMap;dt=new WeakMap;Mr=new WeakMap;var Qa=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},U=(t,e,i)=>(Qa(t,e,"read from private field"),i?i.call(t):e.get(t)),G=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},oe=(t,e,i,r)=>(Qa(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),le=(t,e,i)=>(Qa(t,e,"access private method"),i),Ut,Ke,Cr,ci,xr,Dr,ui,hi,Pt,Nt,di,Ka,no,Ga,Or,za,Ur,Za,Pr,Xa,qa,oo,mi,Nr,Ya,lo,dd=t=>{let e=t.range,i=ot(+co(t)),r=ot(+t.mediaSeekableEnd),a=i&&r?v("{currentTime} of {totalTime}",{currentTime:i,totalTime:r}):v("video not loaded, unknown time.");e.setAttribute("aria-valuetext",a)};function cd(t){return`
    <style>
      :host {
        --media-box-border-radius: 4px;
        --media-box-padding-left: 10px;
        --media-box-padding-right: 10px;
        --media-preview-border-radius: var(--media-box-border-radius);
        --media-box-arrow-offset: var(--media-box-border-radius);
        --_control-background: var(--media-control-background, var(--media-secondary-color, rgb(20 20 30 / .7)));
        --_preview-background: var(--media-preview-background, var(--_control-background));

        
        contain: layout;
      }

      #buffered {
        background: var(--media-time-range-buffered-color, rgb(255 255 255 / .4));
        position: absolute;
        height: 100%;
        will-change: width;
      }

      #preview-rail,
      #current-rail {
        width: 100%;
        position: absolute;
        left: 0;
        bottom: 100%;
        pointer-events: none;
        will-change: transform;
      }

      [part~="box"] {
        width: min-content;
        
        position: absolute;
        bottom: 100%;
        flex-direction: column;
        align-items: center;
        transform: translateX(-50%);
      }

      [part~="current-box"] {
        display: var(--media-current-box-display, var(--media-box-display, flex));
        margin: var(--media-current-box-margin, var(--media-box-margin, 0 0 5px));
        visibility: hidden;
      }

      [part~="preview-box"] {
        display: var(--media-preview-box-display, var(--media-box-display, flex));
        margin: var(--media-preview-box-margin, var(--media-box-margin, 0 0 5px));
        transition-property: var(--media-preview-transition-property, visibility, opacity);
        transition-duration: var(--media-preview-transition-duration-out, .25s);
        transition-delay: var(--media-preview-transition-delay-out, 0s);
        visibility: hidden;
        opacity: 0;
      }

      :host(:is([${n.MEDIA_PREVIEW_IMAGE}], [${n.MEDIA_PREVIEW_TIME}])[dragging]) [part~="preview-box"] {
        transition-duration: var(--media-preview-transition-duration-in, .5s);
        transition-delay: var(--media-preview-transition-delay-in, .25s);
        visibility: visible;
        opacity: 1;
      }

      @media (hover: hover) {
        :host(:is([${n.MEDIA_PREVIEW_IMAGE}], [${n.MEDIA_PREVIEW_TIME}]):hover) [part~="preview-box"] {
          transition-duration: var(--media-preview-transition-duration-in, .5s);
          transition-delay: var(--media-preview-transition-delay-in, .25s);
          visibility: visible;
          opacity: 1;
        }
      }

      media-preview-thumbnail,
      ::slotted(media-preview-thumbnail) {
        visibility: hidden;
        
        transition: visibility 0s .25s;
        transition-delay: calc(var(--media-preview-transition-delay-out, 0s) + var(--media-preview-transition-duration-out, .25s));
        background: var(--media-preview-thumbnail-background, var(--_preview-background));
        box-shadow: var(--media-preview-thumbnail-box-shadow, 0 0 4px rgb(0 0 0 / .2));
        max-width: var(--media-preview-thumbnail-max-width, 180px);
        max-height: var(--media-preview-thumbnail-max-height, 160px);
        min-width: var(--media-preview-thumbnail-min-width, 120px);
        min-height: var(--media-preview-thumbnail-min-height, 80px);
        border: var(--media-preview-thumbnail-border);
        border-radius: var(--media-preview-thumbnail-border-radius,
          var(--media-preview-border-radius) var(--media-preview-border-radius) 0 0);
      }

      :host([${n.MEDIA_PREVIEW_IMAGE}][dragging]) media-preview-thumbnail,
      :host([${n.MEDIA_PREVIEW_IMAGE}][dragging]) ::slotted(media-preview-thumbnail) {
        transition-delay: var(--media-preview-transition-delay-in, .25s);
        visibility: visible;
      }

      @media (hover: hover) {
        :host([${n.MEDIA_PREVIEW_IMAGE}]:hover) media-preview-thumbnail,
        :host([${n.MEDIA_PREVIEW_IMAGE}]:hover) ::slotted(media-preview-thumbnail) {
          transition-delay: var(--media-preview-transition-delay-in, .25s);
          visibility: visible;
        }

        :host([${n.MEDIA_PREVIEW_TIME}]:hover) {
          --media-time-range-hover-display: block;
        }
      }

      media-preview-chapter-display,
      ::slotted(media-preview-chapter-display) {
        font-size: var(--media-font-size, 13px);
        line-height: 17px;
        min-width: 0;
        visibility: hidden;
        
        transition: min-width 0s, border-radius 0s, margin 0s, padding 0s, visibility 0s;
        transition-delay: calc(var(--media-preview-transition-delay-out, 0s) + var(--media-preview-transition-duration-out, .25s));
        background: var(--media-preview-chapter-background, var(--_preview-background));
        border-radius: var(--media-preview-chapter-border-radius,
          var(--media-preview-border-radius) var(--media-preview-border-radius)
          var(--media-preview-border-radius) var(--media-preview-border-radius));
        padding: var(--media-preview-chapter-padding, 3.5px 9px);
        margin: var(--media-preview-chapter-margin, 0 0 5px);
        text-shadow: var(--media-preview-chapter-text-shadow, 0 0 4px rgb(0 0 0 / .75));
      }

      :host([${n.MEDIA_PREVIEW_IMAGE}]) media-preview-chapter-display,
      :host([${n.MEDIA_PREVIEW_IMAGE}]) ::slotted(media-preview-chapter-display) {
        transition-delay: var(--media-preview-transition-delay-in, .25s);
        border-radius: var(--media-preview-chapter-border-radius, 0);
        padding: var(--media-preview-chapter-padding, 3.5px 9px 0);
        margin: var(--media-preview-chapter-margin, 0);
        min-width: 100%;
      }

      media-preview-chapter-display[${n.MEDIA_PREVIEW_CHAPTER}],
      ::slotted(media-preview-chapter-display[${n.MEDIA_PREVIEW_CHAPTER}]) {
        visibility: visible;
      }

      media-preview-chapter-display:not([aria-valuetext]),
      ::slotted(media-preview-chapter-display:not([aria-valuetext])) {
        display: none;
      }

      media-preview-time-display,
      ::slotted(media-preview-time-display),
      media-time-display,
      ::slotted(media-time-display) {
        font-size: var(--media-font-size, 13px);
        line-height: 17px;
        min-width: 0;
        
        transition: min-width 0s, border-radius 0s;
        transition-delay: calc(var(--media-preview-transition-delay-out, 0s) + var(--media-preview-transition-duration-out, .25s));
        background: var(--media-preview-time-background, var(--_preview-background));
        border-radius: var(--media-preview-time-border-radius,
          var(--media-preview-border-radius) var(--media-preview-border-radius)
          var(--media-preview-border-radius) var(--media-preview-border-radius));
        padding: var(--media-preview-time-padding, 3.5px 9px);
        margin: var(--media-preview-time-margin, 0);
        text-shadow: var(--media-preview-time-text-shadow, 0 0 4px rgb(0 0 0 / .75));
        transform: translateX(min(
          max(calc(50% - var(--_box-width) / 2),
          calc(var(--_box-shift, 0))),
          calc(var(--_box-width) / 2 - 50%)
        ));
      }

      :host([${n.MEDIA_PREVIEW_IMAGE}]) media-preview-time-display,
      :host([${n.MEDIA_PREVIEW_IMAGE}]) ::slotted(media-preview-time-display) {
        transition-delay: var(--media-preview-transition-delay-in, .25s);
        border-radius: var(--media-preview-time-border-radius,
          0 0 var(--media-preview-border-radius) var(--media-preview-border-radius));
        min-width: 100%;
      }

      :host([${n.MEDIA_PREVIEW_TIME}]:hover) {
        --media-time-range-hover-display: block;
      }

      [part~="arrow"],
      ::slotted([part~="arrow"]) {
        display: var(--media-box-arrow-display, inline-block);
        transform: translateX(min(
          max(calc(50% - var(--_box-width) / 2 + var(--media-box-arrow-offset)),
          calc(var(--_box-shift, 0))),
          calc(var(--_box-width) / 2 - 50% - var(--media-box-arrow-offset))
        ));
        
        border-color: transparent;
        border-top-color: var(--media-box-arrow-background, var(--_control-background));
        border-width: var(--media-box-arrow-border-width,
          var(--media-box-arrow-height, 5px) var(--media-box-arrow-width, 6px) 0);
        border-style: solid;
        justify-content: center;
        height: 0;
      }
    </style>
    <div id="preview-rail">
      <slot name="preview" part="box preview-box">
        <media-preview-thumbnail>
          <template shadowrootmode="${Ba.shadowRootOptions.mode}">
            ${Ba.getTemplateHTML({})}
          </template>
        </media-preview-thumbnail>
        <media-preview-chapter-display></media-preview-chapter-display>
        <media-preview-time-display></media-preview-time-display>
        <slot name="preview-arrow"><div part="arrow"></div></slot>
      </slot>
    </div>
    <div id="current-rail">
      <slot name="current" part="box current-box">
        
      </slot>
    </div>
  `}var Rr=(t,e=t.mediaCurrentTime)=>{let i=Number.isFinite(t.mediaSeekableStart)?t.mediaSeekableStart:0,r=Number.isFinite(t.mediaDuration)?t.mediaDuration:t.mediaSeekableEnd;if(Number.isNaN(r))return 0;let a=(e-i)/(r-i);return Math.max(0,Math.min(a,1))},co=(t,e=t.range.valueAsNumber)=>{let i=Number.isFinite(t.mediaSeekableStart)?t.mediaSeekableStart:0,r=Number.isFinite(t.mediaDuration)?t.mediaDuration:t.mediaSeekableEnd;return Number.isNaN(r)?0:e*(r-i)+i},pi=class extends Te{constructor(){super(),G(this,Ka),G(this,Or),G(this,Ur),G(this,Pr),G(this,qa),G(this,mi),G(this,Ya),G(this,Ut,null),G(this,Ke,void 0),G(this,Cr,void 0),G(this,ci,void 0),G(this,xr,void 0),G(this,Dr,void 0),G(this,ui,void 0),G(this,hi,void 0),G(this,Pt,void 0),G(this,Nt,void 0),G(this,di,()=>{le(this,Ka,no).call(this)?U(this,Ke).start():U(this,Ke).stop()}),G(this,Ga,r=>{this.dragging||(It(r)&&(this.range.valueAsNumber=r),U(this,Nt)||this.updateBar())}),this.shadowRoot.querySelector("#track").insertAdjacentHTML("afterbegin",'<div id="buffered" part="buffered"></div>'),oe(this,Cr,this.shadowRoot.querySelectorAll('[part~="box"]')),oe(this,xr,this.shadowRoot.querySelector('[part~="preview-box"]')),oe(this,Dr,this.shadowRoot.querySelector('[part~="current-box"]'));let i=getComputedStyle(this);oe(this,ui,parseInt(i.getPropertyValue("--media-box-padding-left"))),oe(this,hi,parseInt(i.getPropertyValue("--media-box-padding-right"))),oe(this,Ke,new Lr(this.range,U(this,Ga),60))}static get observedAttributes(){return[...super.observedAttributes,n.MEDIA_PAUSED,n.MEDIA_DURATION,n.MEDIA_SEEKABLE,n.MEDIA_CURRENT_TIME,n.MEDIA_PREVIEW_IMAGE,n.MEDIA_PREVIEW_TIME,n.MEDIA_PREVIEW_CHAPTER,n.MEDIA_BUFFERED,n.MEDIA_PLAYBACK_RATE,n.MEDIA_LOADING,n.MEDIA_ENDED]}connectedCallback(){var e;super.connectedCallback(),this.range.setAttribute("aria-label",v("seek")),U(this,di).call(this),oe(this,Ut,this.getRootNode()),(e=U(this,Ut))==null||e.addEventListener("transitionstart",this)}disconnectedCallback(){var e;super.disconnectedCallback(),U(this,Ke).stop(),(e=U(this,Ut))==null||e.removeEventListener("transitionstart",this),oe(this,Ut,null)}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),i!=r&&(e===n.MEDIA_CURRENT_TIME||e===n.MEDIA_PAUSED||e===n.MEDIA_ENDED||e===n.MEDIA_LOADING||e===n.MEDIA_DURATION||e===n.MEDIA_SEEKABLE?(U(this,Ke).update({start:Rr(this),duration:this.mediaSeekableEnd-this.mediaSeekableStart,playbackRate:this.mediaPlaybackRate}),U(this,di).call(this),dd(this)):e===n.MEDIA_BUFFERED&&this.updateBufferedBar(),(e===n.MEDIA_DURATION||e===n.MEDIA_SEEKABLE)&&(this.mediaChaptersCues=U(this,Pt),this.updateBar()))}get mediaChaptersCues(){return U(this,Pt)}set mediaChaptersCues(e){var i;oe(this,Pt,e),this.updateSegments((i=U(this,Pt))==null?void 0:i.map(r=>({start:Rr(this,r.startTime),end:Rr(this,r.endTime)})))}get mediaPaused(){return T(this,n.MEDIA_PAUSED)}set mediaPaused(e){S(this,n.MEDIA_PAUSED,e)}get mediaLoading(){return T(this,n.MEDIA_LOADING)}set mediaLoading(e){S(this,n.MEDIA_LOADING,e)}get mediaDuration(){return x(this,n.MEDIA_DURATION)}set mediaDuration(e){H(this,n.MEDIA_DURATION,e)}get mediaCurrentTime(){return x(this,n.MEDIA_CURRENT_TIME)}set mediaCurrentTime(e){H(this,n.MEDIA_CURRENT_TIME,e)}get mediaPlaybackRate(){return x(this,n.MEDIA_PLAYBACK_RATE,1)}set mediaPlaybackRate(e){H(this,n.MEDIA_PLAYBACK_RATE,e)}get mediaBuffered(){let e=this.getAttribute(n.MEDIA_BUFFERED);return e?e.split(" ").map(i=>i.split(":").map(r=>+r)):[]}set mediaBuffered(e){if(!e){this.removeAttribute(n.MEDIA_BUFFERED);return}let i=e.map(r=>r.join(":")).join(" ");this.setAttribute(n.MEDIA_BUFFERED,i)}get mediaSeekable(){let e=this.getAttribute(n.MEDIA_SEEKABLE);if(e)return e.split(":").map(i=>+i)}set mediaSeekable(e){if(e==null){this.removeAttribute(n.MEDIA_SEEKABLE);return}this.setAttribute(n.MEDIA_SEEKABLE,e.join(":"))}get mediaSeekableEnd(){var e;let[,i=this.mediaDuration]=(e=this.mediaSeekable)!=null?e:[];return i}get mediaSeekableStart(){var e;let[i=0]=(e=this.mediaSeekable)!=null?e:[];return i}get mediaPreviewImage(){return R(this,n.MEDIA_PREVIEW_IMAGE)}set mediaPreviewImage(e){L(this,n.MEDIA_PREVIEW_IMAGE,e)}get mediaPreviewTime(){return x(this,n.MEDIA_PREVIEW_TIME)}set mediaPreviewTime(e){H(this,n.MEDIA_PREVIEW_TIME,e)}get mediaEnded(){return T(this,n.MEDIA_ENDED)}set mediaEnded(e){S(this,n.MEDIA_ENDED,e)}updateBar(){super.updateBar(),this.updateBufferedBar(),this.updateCurrentBox()}updateBufferedBar(){var e;let i=this.mediaBuffered;if(!i.length)return;let r;if(this.mediaEnded)r=1;else{let s=this.mediaCurrentTime,[,o=this.mediaSeekableStart]=(e=i.find(([d,c])=>d<=s&&s<=c))!=null?e:[];r=Rr(this,o)}let{style:a}=C(this.shadowRoot,"#buffered");a.setProperty("width",`${r*100}%`)}updateCurrentBox(){if(!this.shadowRoot.querySelector('slot[name="current"]').assignedElements().length)return;let i=C(this.shadowRoot,"#current-rail"),r=C(this.shadowRoot,'[part~="current-box"]'),a=le(this,Or,za).call(this,U(this,Dr)),s=le(this,Ur,Za).call(this,a,this.range.valueAsNumber),o=le(this,Pr,Xa).call(this,a,this.range.valueAsNumber);i.style.transform=`translateX(${s})`,i.style.setProperty("--_range-width",`${a.range.width}`),r.style.setProperty("--_box-shift",`${o}`),r.style.setProperty("--_box-width",`${a.box.width}px`),r.style.setProperty("visibility","initial")}handleEvent(e){switch(super.handleEvent(e),e.type){case"input":le(this,Ya,lo).call(this);break;case"pointermove":le(this,qa,oo).call(this,e);break;case"pointerup":U(this,Nt)&&oe(this,Nt,!1);break;case"pointerdown":oe(this,Nt,!0);break;case"pointerleave":le(this,mi,Nr).call(this,null);break;case"transitionstart":fe(e.target,this)&&setTimeout(()=>U(this,di).call(this),0);break}}};Ut=new WeakMap;Ke=new WeakMap;Cr=new WeakMap;ci=new WeakMap;xr=new WeakMap;Dr=new WeakMap;ui=new WeakMap;hi=new WeakMap;Pt=new WeakMap;Nt=new WeakMap;di=new WeakMap;Ka=new WeakSet;no=function(){return this.isConnected&&!this.mediaPaused&&!this.mediaLoading&&!this.mediaEnded&&this.mediaSeekableEnd>0&&Ui(this)};Ga=new WeakMap;Or=new WeakSet;za=function(t){var e;let r=((e=this.getAttribute("bounds")?Ue(this,`#${this.getAttribute("bounds")}`):this.parentElement)!=null?e:this).getBoundingClientRect(),a=this.range.getBoundingClientRect(),s=t.offsetWidth,o=-(a.left-r.left-s/2),d=r.right-a.left-s/2;return{box:{width:s,min:o,max:d},bounds:r,range:a}};Ur=new WeakSet;Za=function(t,e){let i=`${e*100}%`,{width:r,min:a,max:s}=t.box;if(!r)return i;if(Number.isNaN(a)||(i=`max(${`calc(1 / var(--_range-width) * 100 * ${a}% + var(--media-box-padding-left))`}, ${i})`),!Number.isNaN(s)){let d=`calc(1 / var(--_range-width) * 100 * ${s}% - var(--media-box-padding-right))`;i=`min(${i}, ${d})`}return i};Pr=new WeakSet;Xa=function(t,e){let{width:i,min:r,max:a}=t.box,s=e*t.range.width;if(s<r+U(this,ui)){let o=t.range.left-t.bounds.left-U(this,ui);return`${s-i/2+o}px`}if(s>a-U(this,hi)){let o=t.bounds.right-t.range.right-U(this,hi);return`${s+i/2-o-t.range.width}px`}return 0};qa=new WeakSet;oo=function(t){let e=[...U(this,Cr)].some(f=>t.composedPath().includes(f));if(!this.dragging&&(e||!t.composedPath().includes(this))){le(this,mi,Nr).call(this,null);return}let i=this.mediaSeekableEnd;if(!i)return;let r=C(this.shadowRoot,"#preview-rail"),a=C(this.shadowRoot,'[part~="preview-box"]'),s=le(this,Or,za).call(this,U(this,xr)),o=(t.clientX-s.range.left)/s.range.width;o=Math.max(0,Math.min(1,o));let d=le(this,Ur,Za).call(this,s,o),c=le(this,Pr,Xa).call(this,s,o);r.style.transform=`translateX(${d})`,r.style.setProperty("--_range-width",`${s.range.width}`),a.style.setProperty("--_box-shift",`${c}`),a.style.setProperty("--_box-width",`${s.box.width}px`);let I=Math.round(U(this,ci))-Math.round(o*i);Math.abs(I)<1&&o>.01&&o<.99||(oe(this,ci,o*i),le(this,mi,Nr).call(this,U(this,ci)))};mi=new WeakSet;Nr=function(t){this.dispatchEvent(new l.CustomEvent(h.MEDIA_PREVIEW_REQUEST,{composed:!0,bubbles:!0,detail:t}))};Ya=new WeakSet;lo=function(){U(this,Ke).stop();let t=co(this);this.dispatchEvent(new l.CustomEvent(h.MEDIA_SEEK_REQUEST,{composed:!0,bubbles:!0,detail:t}))};pi.shadowRootOptions={mode:"open"};pi.getContainerTemplateHTML=cd;l.customElements.get("media-time-range")||l.customElements.define("media-time-range",pi);var es=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},ve=(t,e,i)=>(es(t,e,"read from private field"),i?i.call(t):e.get(t)),ct=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},ts=(t,e,i,r)=>(es(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),qe=(t,e,i)=>(es(t,e,"access private method"),i),Ht,ke,Wr,is,ho,$r,rs,Ei,Hr,Fr,Ja,Ge={REMAINING:"remaining",SHOW_DURATION:"showduration",NO_TOGGLE:"notoggle"},uo=[...Object.values(Ge),n.MEDIA_CURRENT_TIME,n.MEDIA_DURATION,n.MEDIA_SEEKABLE],mo=["Enter"," "],ud="&nbsp;/&nbsp;",ja=(t,{timesSep:e=ud}={})=>{var i,r;let a=(i=t.mediaCurrentTime)!=null?i:0,[,s]=(r=t.mediaSeekable)!=null?r:[],o=0;Number.isFinite(t.mediaDuration)?o=t.mediaDuration:Number.isFinite(s)&&(o=s);let d=t.remaining?lt(0-(o-a)):lt(a);return t.showDuration?`${d}${e}${lt(o)}`:d},hd=t=>{var e;let i=t.mediaCurrentTime,[,r]=(e=t.mediaSeekable)!=null?e:[],a=null;if(Number.isFinite(t.mediaDuration)?a=t.mediaDuration:Number.isFinite(r)&&(a=r),i==null||a===null){t.setAttribute("aria-description",v("video not loaded, unknown time."));return}let s=t.remaining?ot(0-(a-i)):ot(i);if(!t.showDuration){t.setAttribute("aria-description",s);return}let o=ot(a),d=v("{currentTime} of {totalTime}",{currentTime:s,totalTime:o});t.setAttribute("aria-description",d)};function md(t,e){return`
    <slot>${ja(e)}</slot>
  `}var pd=t=>{t.setAttribute("aria-label",v("playback time"))},Br=class extends ne{constructor(){super(),ct(this,is),ct(this,$r),ct(this,Ei),ct(this,Fr),ct(this,Ht,void 0),ct(this,ke,null),ct(this,Wr,e=>{let{metaKey:i,altKey:r,key:a}=e;if(i||r||!mo.includes(a)){this.removeEventListener("keyup",ve(this,ke));return}this.addEventListener("keyup",ve(this,ke))}),ts(this,Ht,this.shadowRoot.querySelector("slot")),ve(this,Ht).innerHTML=`${ja(this)}`}static get observedAttributes(){return[...super.observedAttributes,...uo,"disabled"]}connectedCallback(){let{style:e}=C(this.shadowRoot,":host(:hover:not([notoggle]))");e.setProperty("cursor","var(--media-cursor, pointer)"),e.setProperty("background","var(--media-control-hover-background, rgba(50 50 70 / .7))"),this.setAttribute("aria-label",v("playback time")),qe(this,Ei,Hr).call(this),super.connectedCallback()}toggleTimeDisplay(){this.noToggle||(this.hasAttribute("remaining")?this.removeAttribute("remaining"):this.setAttribute("remaining",""))}disconnectedCallback(){this.disable(),qe(this,$r,rs).call(this),super.disconnectedCallback()}attributeChangedCallback(e,i,r){pd(this),uo.includes(e)?this.update():e==="disabled"&&r!==i?r==null?qe(this,Ei,Hr).call(this):qe(this,Fr,Ja).call(this):e===Ge.NO_TOGGLE&&r!==i&&(this.noToggle?qe(this,Fr,Ja).call(this):qe(this,Ei,Hr).call(this)),super.attributeChangedCallback(e,i,r)}enable(){this.noToggle||(this.tabIndex=0)}disable(){this.tabIndex=-1}get remaining(){return T(this,Ge.REMAINING)}set remaining(e){S(this,Ge.REMAINING,e)}get showDuration(){return T(this,Ge.SHOW_DURATION)}set showDuration(e){S(this,Ge.SHOW_DURATION,e)}get noToggle(){return T(this,Ge.NO_TOGGLE)}set noToggle(e){S(this,Ge.NO_TOGGLE,e)}get mediaDuration(){return x(this,n.MEDIA_DURATION)}set mediaDuration(e){H(this,n.MEDIA_DURATION,e)}get mediaCurrentTime(){return x(this,n.MEDIA_CURRENT_TIME)}set mediaCurrentTime(e){H(this,n.MEDIA_CURRENT_TIME,e)}get mediaSeekable(){let e=this.getAttribute(n.MEDIA_SEEKABLE);if(e)return e.split(":").map(i=>+i)}set mediaSeekable(e){if(e==null){this.removeAttribute(n.MEDIA_SEEKABLE);return}this.setAttribute(n.MEDIA_SEEKABLE,e.join(":"))}update(){let e=ja(this);hd(this),e!==ve(this,Ht).innerHTML&&(ve(this,Ht).innerHTML=e)}};Ht=new WeakMap;ke=new WeakMap;Wr=new WeakMap;is=new WeakSet;ho=function(){ve(this,ke)||(ts(this,ke,t=>{let{key:e}=t;if(!mo.includes(e)){this.removeEventListener("keyup",ve(this,ke));return}this.toggleTimeDisplay()}),this.addEventListener("keydown",ve(this,Wr)),this.addEventListener("click",this.toggleTimeDisplay))};$r=new WeakSet;rs=function(){ve(this,ke)&&(this.removeEventListener("keyup",ve(this,ke)),this.removeEventListener("keydown",ve(this,Wr)),this.removeEventListener("click",this.toggleTimeDisplay),ts(this,ke,null))};Ei=new WeakSet;Hr=function(){!this.noToggle&&!this.hasAttribute("disabled")&&(this.setAttribute("role","button"),this.enable(),qe(this,is,ho).call(this))};Fr=new WeakSet;Ja=function(){this.removeAttribute("role"),this.disable(),qe(this,$r,rs).call(this)};Br.getSlotTemplateHTML=md;l.customElements.get("media-time-display")||l.customElements.define("media-time-display",Br);var Ft={SEEK_OFFSET:"seekoffset"},as=30,Ed=t=>`
  <svg aria-hidden="true" viewBox="0 0 20 24">
    <defs>
      <style>.text{font-size:8px;font-family:Arial-BoldMT, Arial;font-weight:700;}</style>
    </defs>
    <text class="text value" transform="translate(2.18 19.87)">${t}</text>
    <path d="M10 6V3L4.37 7 10 10.94V8a5.54 5.54 0 0 1 1.9 10.48v2.12A7.5 7.5 0 0 0 10 6Z"/>
  </svg>`;function vd(t,e){return`
    <slot name="icon">${Ed(e.seekOffset)}</slot>
  `}var fd=(t,e)=>{t.setAttribute("aria-label",v("seek back {seekOffset} seconds",{seekOffset:e}))};function gd(){return v("Seek backward")}var _d=0,vi=class extends O{static get observedAttributes(){return[...super.observedAttributes,n.MEDIA_CURRENT_TIME,Ft.SEEK_OFFSET]}connectedCallback(){super.connectedCallback(),this.seekOffset=x(this,Ft.SEEK_OFFSET,as)}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),fd(this,this.seekOffset),e===Ft.SEEK_OFFSET&&(this.seekOffset=x(this,Ft.SEEK_OFFSET,as))}get seekOffset(){return x(this,Ft.SEEK_OFFSET,as)}set seekOffset(e){H(this,Ft.SEEK_OFFSET,e),this.setAttribute("aria-label",v("seek back {seekOffset} seconds",{seekOffset:this.seekOffset})),xi(Oi(this,"icon"),this.seekOffset)}get mediaCurrentTime(){return x(this,n.MEDIA_CURRENT_TIME,_d)}set mediaCurrentTime(e){H(this,n.MEDIA_CURRENT_TIME,e)}handleClick(){let e=Math.max(this.mediaCurrentTime-this.seekOffset,0),i=new l.CustomEvent(h.MEDIA_SEEK_REQUEST,{composed:!0,bubbles:!0,detail:e});this.dispatchEvent(i)}};vi.getSlotTemplateHTML=vd;vi.getTooltipContentHTML=gd;l.customElements.get("media-seek-backward-button")||l.customElements.define("media-seek-backward-button",vi);var $t={SEEK_OFFSET:"seekoffset"},ss=30,bd=t=>`
  <svg aria-hidden="true" viewBox="0 0 20 24">
    <defs>
      <style>.text{font-size:8px;font-family:Arial-BoldMT, Arial;font-weight:700;}</style>
    </defs>
    <text class="text value" transform="translate(8.9 19.87)">${t}</text>
    <path d="M10 6V3l5.61 4L10 10.94V8a5.54 5.54 0 0 0-1.9 10.48v2.12A7.5 7.5 0 0 1 10 6Z"/>
  </svg>`;function Ad(t,e){return`
    <slot name="icon">${bd(e.seekOffset)}</slot>
  `}var Td=(t,e)=>{t.setAttribute("aria-label",v("seek forward {seekOffset} seconds",{seekOffset:e}))};function Sd(){return v("Seek forward")}var Id=0,fi=class extends O{static get observedAttributes(){return[...super.observedAttributes,n.MEDIA_CURRENT_TIME,$t.SEEK_OFFSET]}connectedCallback(){super.connectedCallback(),this.seekOffset=x(this,$t.SEEK_OFFSET,ss)}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),Td(this,this.seekOffset),e===$t.SEEK_OFFSET&&(this.seekOffset=x(this,$t.SEEK_OFFSET,ss))}get seekOffset(){return x(this,$t.SEEK_OFFSET,ss)}set seekOffset(e){H(this,$t.SEEK_OFFSET,e),this.setAttribute("aria-label",v("seek forward {seekOffset} seconds",{seekOffset:this.seekOffset})),xi(Oi(this,"icon"),this.seekOffset)}get mediaCurrentTime(){return x(this,n.MEDIA_CURRENT_TIME,Id)}set mediaCurrentTime(e){H(this,n.MEDIA_CURRENT_TIME,e)}handleClick(){let e=this.mediaCurrentTime+this.seekOffset,i=new l.CustomEvent(h.MEDIA_SEEK_REQUEST,{composed:!0,bubbles:!0,detail:e});this.dispatchEvent(i)}};fi.getSlotTemplateHTML=Ad;fi.getTooltipContentHTML=Sd;l.customElements.get("media-seek-forward-button")||l.customElements.define("media-seek-forward-button",fi);var yd=`<svg aria-hidden="true" viewBox="0 0 26 24">
  <path d="M22.83 5.68a2.58 2.58 0 0 0-2.3-2.5c-3.62-.24-11.44-.24-15.06 0a2.58 2.58 0 0 0-2.3 2.5c-.23 4.21-.23 8.43 0 12.64a2.58 2.58 0 0 0 2.3 2.5c3.62.24 11.44.24 15.06 0a2.58 2.58 0 0 0 2.3-2.5c.23-4.21.23-8.43 0-12.64Zm-11.39 9.45a3.07 3.07 0 0 1-1.91.57 3.06 3.06 0 0 1-2.34-1 3.75 3.75 0 0 1-.92-2.67 3.92 3.92 0 0 1 .92-2.77 3.18 3.18 0 0 1 2.43-1 2.94 2.94 0 0 1 2.13.78c.364.359.62.813.74 1.31l-1.43.35a1.49 1.49 0 0 0-1.51-1.17 1.61 1.61 0 0 0-1.29.58 2.79 2.79 0 0 0-.5 1.89 3 3 0 0 0 .49 1.93 1.61 1.61 0 0 0 1.27.58 1.48 1.48 0 0 0 1-.37 2.1 2.1 0 0 0 .59-1.14l1.4.44a3.23 3.23 0 0 1-1.07 1.69Zm7.22 0a3.07 3.07 0 0 1-1.91.57 3.06 3.06 0 0 1-2.34-1 3.75 3.75 0 0 1-.92-2.67 3.88 3.88 0 0 1 .93-2.77 3.14 3.14 0 0 1 2.42-1 3 3 0 0 1 2.16.82 2.8 2.8 0 0 1 .73 1.31l-1.43.35a1.49 1.49 0 0 0-1.51-1.21 1.61 1.61 0 0 0-1.29.58A2.79 2.79 0 0 0 15 12a3 3 0 0 0 .49 1.93 1.61 1.61 0 0 0 1.27.58 1.44 1.44 0 0 0 1-.37 2.1 2.1 0 0 0 .6-1.15l1.4.44a3.17 3.17 0 0 1-1.1 1.7Z"/>
</svg>`,kd=`<svg aria-hidden="true" viewBox="0 0 26 24">
  <path d="M17.73 14.09a1.4 1.4 0 0 1-1 .37 1.579 1.579 0 0 1-1.27-.58A3 3 0 0 1 15 12a2.8 2.8 0 0 1 .5-1.85 1.63 1.63 0 0 1 1.29-.57 1.47 1.47 0 0 1 1.51 1.2l1.43-.34A2.89 2.89 0 0 0 19 9.07a3 3 0 0 0-2.14-.78 3.14 3.14 0 0 0-2.42 1 3.91 3.91 0 0 0-.93 2.78 3.74 3.74 0 0 0 .92 2.66 3.07 3.07 0 0 0 2.34 1 3.07 3.07 0 0 0 1.91-.57 3.17 3.17 0 0 0 1.07-1.74l-1.4-.45c-.083.43-.3.822-.62 1.12Zm-7.22 0a1.43 1.43 0 0 1-1 .37 1.58 1.58 0 0 1-1.27-.58A3 3 0 0 1 7.76 12a2.8 2.8 0 0 1 .5-1.85 1.63 1.63 0 0 1 1.29-.57 1.47 1.47 0 0 1 1.51 1.2l1.43-.34a2.81 2.81 0 0 0-.74-1.32 2.94 2.94 0 0 0-2.13-.78 3.18 3.18 0 0 0-2.43 1 4 4 0 0 0-.92 2.78 3.74 3.74 0 0 0 .92 2.66 3.07 3.07 0 0 0 2.34 1 3.07 3.07 0 0 0 1.91-.57 3.23 3.23 0 0 0 1.07-1.74l-1.4-.45a2.06 2.06 0 0 1-.6 1.07Zm12.32-8.41a2.59 2.59 0 0 0-2.3-2.51C18.72 3.05 15.86 3 13 3c-2.86 0-5.72.05-7.53.17a2.59 2.59 0 0 0-2.3 2.51c-.23 4.207-.23 8.423 0 12.63a2.57 2.57 0 0 0 2.3 2.5c1.81.13 4.67.19 7.53.19 2.86 0 5.72-.06 7.53-.19a2.57 2.57 0 0 0 2.3-2.5c.23-4.207.23-8.423 0-12.63Zm-1.49 12.53a1.11 1.11 0 0 1-.91 1.11c-1.67.11-4.45.18-7.43.18-2.98 0-5.76-.07-7.43-.18a1.11 1.11 0 0 1-.91-1.11c-.21-4.14-.21-8.29 0-12.43a1.11 1.11 0 0 1 .91-1.11C7.24 4.56 10 4.49 13 4.49s5.76.07 7.43.18a1.11 1.11 0 0 1 .91 1.11c.21 4.14.21 8.29 0 12.43Z"/>
</svg>`;function wd(t){return`
    <style>
      :host([aria-checked="true"]) slot[name=off] {
        display: none !important;
      }

      
      :host(:not([aria-checked="true"])) slot[name=on] {
        display: none !important;
      }

      :host([aria-checked="true"]) slot[name=tooltip-enable],
      :host(:not([aria-checked="true"])) slot[name=tooltip-disable] {
        display: none;
      }
    </style>

    <slot name="icon">
      <slot name="on">${yd}</slot>
      <slot name="off">${kd}</slot>
    </slot>
  `}function Md(){return`
    <slot name="tooltip-enable">${v("Enable captions")}</slot>
    <slot name="tooltip-disable">${v("Disable captions")}</slot>
  `}var po=t=>{t.setAttribute("aria-checked",vn(t).toString())},gi=class extends O{static get observedAttributes(){return[...super.observedAttributes,n.MEDIA_SUBTITLES_LIST,n.MEDIA_SUBTITLES_SHOWING]}connectedCallback(){super.connectedCallback(),this.setAttribute("role","button"),this.setAttribute("aria-label",v("closed captions")),po(this)}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),e===n.MEDIA_SUBTITLES_SHOWING&&po(this)}get mediaSubtitlesList(){return Eo(this,n.MEDIA_SUBTITLES_LIST)}set mediaSubtitlesList(e){vo(this,n.MEDIA_SUBTITLES_LIST,e)}get mediaSubtitlesShowing(){return Eo(this,n.MEDIA_SUBTITLES_SHOWING)}set mediaSubtitlesShowing(e){vo(this,n.MEDIA_SUBTITLES_SHOWING,e)}handleClick(){this.dispatchEvent(new l.CustomEvent(h.MEDIA_TOGGLE_SUBTITLES_REQUEST,{composed:!0,bubbles:!0}))}};gi.getSlotTemplateHTML=wd;gi.getTooltipContentHTML=Md;var Eo=(t,e)=>{let i=t.getAttribute(e);return i?Ea(i):[]},vo=(t,e,i)=>{if(!i?.length){t.removeAttribute(e);return}let r=Jt(i);t.getAttribute(e)!==r&&t.setAttribute(e,r)};l.customElements.get("media-captions-button")||l.customElements.define("media-captions-button",gi);var fo=`<svg aria-hidden="true" viewBox="0 0 28 24">
  <path d="M24 3H4a1 1 0 0 0-1 1v16a1 1 0 0 0 1 1h20a1 1 0 0 0 1-1V4a1 1 0 0 0-1-1Zm-1 16H5V5h18v14Zm-3-8h-7v5h7v-5Z"/>
</svg>`;function Ld(t){return`
    <style>
      :host([${n.MEDIA_IS_PIP}]) slot[name=icon] slot:not([name=exit]) {
        display: none !important;
      }

      :host(:not([${n.MEDIA_IS_PIP}])) slot[name=icon] slot:not([name=enter]) {
        display: none !important;
      }

      :host([${n.MEDIA_IS_PIP}]) slot[name=tooltip-enter],
      :host(:not([${n.MEDIA_IS_PIP}])) slot[name=tooltip-exit] {
        display: none;
      }
    </style>

    <slot name="icon">
      <slot name="enter">${fo}</slot>
      <slot name="exit">${fo}</slot>
    </slot>
  `}function Rd(){return`
    <slot name="tooltip-enter">${v("Enter picture in picture mode")}</slot>
    <slot name="tooltip-exit">${v("Exit picture in picture mode")}</slot>
  `}var go=t=>{let e=t.mediaIsPip?v("exit picture in picture mode"):v("enter picture in picture mode");t.setAttribute("aria-label",e)},_i=class extends O{static get observedAttributes(){return[...super.observedAttributes,n.MEDIA_IS_PIP,n.MEDIA_PIP_UNAVAILABLE]}connectedCallback(){super.connectedCallback(),go(this)}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),e===n.MEDIA_IS_PIP&&go(this)}get mediaPipUnavailable(){return R(this,n.MEDIA_PIP_UNAVAILABLE)}set mediaPipUnavailable(e){L(this,n.MEDIA_PIP_UNAVAILABLE,e)}get mediaIsPip(){return T(this,n.MEDIA_IS_PIP)}set mediaIsPip(e){S(this,n.MEDIA_IS_PIP,e)}handleClick(){let e=this.mediaIsPip?h.MEDIA_EXIT_PIP_REQUEST:h.MEDIA_ENTER_PIP_REQUEST;this.dispatchEvent(new l.CustomEvent(e,{composed:!0,bubbles:!0}))}};_i.getSlotTemplateHTML=Ld;_i.getTooltipContentHTML=Rd;l.customElements.get("media-pip-button")||l.customElements.define("media-pip-button",_i);var _o=`<svg aria-hidden="true" viewBox="0 0 26 24">
  <path d="M22.13 3H3.87a.87.87 0 0 0-.87.87v13.26a.87.87 0 0 0 .87.87h3.4L9 16H5V5h16v11h-4l1.72 2h3.4a.87.87 0 0 0 .87-.87V3.87a.87.87 0 0 0-.86-.87Zm-8.75 11.44a.5.5 0 0 0-.76 0l-4.91 5.73a.5.5 0 0 0 .38.83h9.82a.501.501 0 0 0 .38-.83l-4.91-5.73Z"/>
</svg>
`;function Dd(t){return`
    <style>
      :host([${n.MEDIA_IS_AIRPLAYING}]) slot[name=icon] slot:not([name=exit]) {
        display: none !important;
      }

      
      :host(:not([${n.MEDIA_IS_AIRPLAYING}])) slot[name=icon] slot:not([name=enter]) {
        display: none !important;
      }

      :host([${n.MEDIA_IS_AIRPLAYING}]) slot[name=tooltip-enter],
      :host(:not([${n.MEDIA_IS_AIRPLAYING}])) slot[name=tooltip-exit] {
        display: none;
      }
    </style>

    <slot name="icon">
      <slot name="enter">${_o}</slot>
      <slot name="exit">${_o}</slot>
    </slot>
  `}function Cd(){return`
    <slot name="tooltip-enter">${v("start airplay")}</slot>
    <slot name="tooltip-exit">${v("stop airplay")}</slot>
  `}var bo=t=>{let e=t.mediaIsAirplaying?v("stop airplay"):v("start airplay");t.setAttribute("aria-label",e)},bi=class extends O{static get observedAttributes(){return[...super.observedAttributes,n.MEDIA_IS_AIRPLAYING,n.MEDIA_AIRPLAY_UNAVAILABLE]}connectedCallback(){super.connectedCallback(),bo(this)}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),e===n.MEDIA_IS_AIRPLAYING&&bo(this)}get mediaIsAirplaying(){return T(this,n.MEDIA_IS_AIRPLAYING)}set mediaIsAirplaying(e){S(this,n.MEDIA_IS_AIRPLAYING,e)}get mediaAirplayUnavailable(){return R(this,n.MEDIA_AIRPLAY_UNAVAILABLE)}set mediaAirplayUnavailable(e){L(this,n.MEDIA_AIRPLAY_UNAVAILABLE,e)}handleClick(){let e=new l.CustomEvent(h.MEDIA_AIRPLAY_REQUEST,{composed:!0,bubbles:!0});this.dispatchEvent(e)}};bi.getSlotTemplateHTML=Dd;bi.getTooltipContentHTML=Cd;l.customElements.get("media-airplay-button")||l.customElements.define("media-airplay-button",bi);var xd='<svg aria-hidden="true" viewBox="0 0 24 24"><g><path class="cast_caf_icon_arch0" d="M1,18 L1,21 L4,21 C4,19.3 2.66,18 1,18 L1,18 Z"/><path class="cast_caf_icon_arch1" d="M1,14 L1,16 C3.76,16 6,18.2 6,21 L8,21 C8,17.13 4.87,14 1,14 L1,14 Z"/><path class="cast_caf_icon_arch2" d="M1,10 L1,12 C5.97,12 10,16.0 10,21 L12,21 C12,14.92 7.07,10 1,10 L1,10 Z"/><path class="cast_caf_icon_box" d="M21,3 L3,3 C1.9,3 1,3.9 1,5 L1,8 L3,8 L3,5 L21,5 L21,19 L14,19 L14,21 L21,21 C22.1,21 23,20.1 23,19 L23,5 C23,3.9 22.1,3 21,3 L21,3 Z"/></g></svg>',Od='<svg aria-hidden="true" viewBox="0 0 24 24"><g><path class="cast_caf_icon_arch0" d="M1,18 L1,21 L4,21 C4,19.3 2.66,18 1,18 L1,18 Z"/><path class="cast_caf_icon_arch1" d="M1,14 L1,16 C3.76,16 6,18.2 6,21 L8,21 C8,17.13 4.87,14 1,14 L1,14 Z"/><path class="cast_caf_icon_arch2" d="M1,10 L1,12 C5.97,12 10,16.0 10,21 L12,21 C12,14.92 7.07,10 1,10 L1,10 Z"/><path class="cast_caf_icon_box" d="M21,3 L3,3 C1.9,3 1,3.9 1,5 L1,8 L3,8 L3,5 L21,5 L21,19 L14,19 L14,21 L21,21 C22.1,21 23,20.1 23,19 L23,5 C23,3.9 22.1,3 21,3 L21,3 Z"/><path class="cast_caf_icon_boxfill" d="M5,7 L5,8.63 C8,8.6 13.37,14 13.37,17 L19,17 L19,7 Z"/></g></svg>';function Ud(t){return`
    <style>
      :host([${n.MEDIA_IS_CASTING}]) slot[name=icon] slot:not([name=exit]) {
        display: none !important;
      }

      
      :host(:not([${n.MEDIA_IS_CASTING}])) slot[name=icon] slot:not([name=enter]) {
        display: none !important;
      }

      :host([${n.MEDIA_IS_CASTING}]) slot[name=tooltip-enter],
      :host(:not([${n.MEDIA_IS_CASTING}])) slot[name=tooltip-exit] {
        display: none;
      }
    </style>

    <slot name="icon">
      <slot name="enter">${xd}</slot>
      <slot name="exit">${Od}</slot>
    </slot>
  `}function Pd(){return`
    <slot name="tooltip-enter">${v("Start casting")}</slot>
    <slot name="tooltip-exit">${v("Stop casting")}</slot>
  `}var Ao=t=>{let e=t.mediaIsCasting?v("stop casting"):v("start casting");t.setAttribute("aria-label",e)},Ai=class extends O{static get observedAttributes(){return[...super.observedAttributes,n.MEDIA_IS_CASTING,n.MEDIA_CAST_UNAVAILABLE]}connectedCallback(){super.connectedCallback(),Ao(this)}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),e===n.MEDIA_IS_CASTING&&Ao(this)}get mediaIsCasting(){return T(this,n.MEDIA_IS_CASTING)}set mediaIsCasting(e){S(this,n.MEDIA_IS_CASTING,e)}get mediaCastUnavailable(){return R(this,n.MEDIA_CAST_UNAVAILABLE)}set mediaCastUnavailable(e){L(this,n.MEDIA_CAST_UNAVAILABLE,e)}handleClick(){let e=this.mediaIsCasting?h.MEDIA_EXIT_CAST_REQUEST:h.MEDIA_ENTER_CAST_REQUEST;this.dispatchEvent(new l.CustomEvent(e,{composed:!0,bubbles:!0}))}};Ai.getSlotTemplateHTML=Ud;Ai.getTooltipContentHTML=Pd;l.customElements.get("media-cast-button")||l.customElements.define("media-cast-button",Ai);var So=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},Nd=(t,e,i)=>(So(t,e,"read from private field"),i?i.call(t):e.get(t)),Hd=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},Fd=(t,e,i,r)=>(So(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),Vr,$d=`<svg aria-hidden="true" viewBox="0 0 26 24">
  <path d="M16 3v2.5h3.5V9H22V3h-6ZM4 9h2.5V5.5H10V3H4v6Zm15.5 9.5H16V21h6v-6h-2.5v3.5ZM6.5 15H4v6h6v-2.5H6.5V15Z"/>
</svg>`,Bd=`<svg aria-hidden="true" viewBox="0 0 26 24">
  <path d="M18.5 6.5V3H16v6h6V6.5h-3.5ZM16 21h2.5v-3.5H22V15h-6v6ZM4 17.5h3.5V21H10v-6H4v2.5Zm3.5-11H4V9h6V3H7.5v3.5Z"/>
</svg>`;function Wd(t){return`
    <style>
      :host([${n.MEDIA_IS_FULLSCREEN}]) slot[name=icon] slot:not([name=exit]) {
        display: none !important;
      }

      
      :host(:not([${n.MEDIA_IS_FULLSCREEN}])) slot[name=icon] slot:not([name=enter]) {
        display: none !important;
      }

      :host([${n.MEDIA_IS_FULLSCREEN}]) slot[name=tooltip-enter],
      :host(:not([${n.MEDIA_IS_FULLSCREEN}])) slot[name=tooltip-exit] {
        display: none;
      }
    </style>

    <slot name="icon">
      <slot name="enter">${$d}</slot>
      <slot name="exit">${Bd}</slot>
    </slot>
  `}function Vd(){return`
    <slot name="tooltip-enter">${v("Enter fullscreen mode")}</slot>
    <slot name="tooltip-exit">${v("Exit fullscreen mode")}</slot>
  `}var To=t=>{let e=t.mediaIsFullscreen?v("exit fullscreen mode"):v("enter fullscreen mode");t.setAttribute("aria-label",e)},Ti=class extends O{constructor(){super(...arguments),Hd(this,Vr,null)}static get observedAttributes(){return[...super.observedAttributes,n.MEDIA_IS_FULLSCREEN,n.MEDIA_FULLSCREEN_UNAVAILABLE]}connectedCallback(){super.connectedCallback(),To(this)}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),e===n.MEDIA_IS_FULLSCREEN&&To(this)}get mediaFullscreenUnavailable(){return R(this,n.MEDIA_FULLSCREEN_UNAVAILABLE)}set mediaFullscreenUnavailable(e){L(this,n.MEDIA_FULLSCREEN_UNAVAILABLE,e)}get mediaIsFullscreen(){return T(this,n.MEDIA_IS_FULLSCREEN)}set mediaIsFullscreen(e){S(this,n.MEDIA_IS_FULLSCREEN,e)}handleClick(e){Fd(this,Vr,e);let i=Nd(this,Vr)instanceof PointerEvent,r=this.mediaIsFullscreen?new l.CustomEvent(h.MEDIA_EXIT_FULLSCREEN_REQUEST,{composed:!0,bubbles:!0}):new l.CustomEvent(h.MEDIA_ENTER_FULLSCREEN_REQUEST,{composed:!0,bubbles:!0,detail:i});this.dispatchEvent(r)}};Vr=new WeakMap;Ti.getSlotTemplateHTML=Wd;Ti.getTooltipContentHTML=Vd;l.customElements.get("media-fullscreen-button")||l.customElements.define("media-fullscreen-button",Ti);var yo=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},Si=(t,e,i)=>(yo(t,e,"read from private field"),i?i.call(t):e.get(t)),Io=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},Ii=(t,e,i,r)=>(yo(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),we,Gr,Kr={LOADING_DELAY:"loadingdelay",NO_AUTOHIDE:"noautohide"},ko=500,Kd=`
<svg aria-hidden="true" viewBox="0 0 100 100">
  <path d="M73,50c0-12.7-10.3-23-23-23S27,37.3,27,50 M30.9,50c0-10.5,8.5-19.1,19.1-19.1S69.1,39.5,69.1,50">
    <animateTransform
       attributeName="transform"
       attributeType="XML"
       type="rotate"
       dur="1s"
       from="0 50 50"
       to="360 50 50"
       repeatCount="indefinite" />
  </path>
</svg>
`;function Gd(t){return`
    <style>
      :host {
        display: var(--media-control-display, var(--media-loading-indicator-display, inline-block));
        vertical-align: middle;
        box-sizing: border-box;
        --_loading-indicator-delay: var(--media-loading-indicator-transition-delay, ${ko}ms);
      }

      #status {
        color: rgba(0,0,0,0);
        width: 0px;
        height: 0px;
      }

      :host slot[name=icon] > *,
      :host ::slotted([slot=icon]) {
        opacity: var(--media-loading-indicator-opacity, 0);
        transition: opacity 0.15s;
      }

      :host([${n.MEDIA_LOADING}]:not([${n.MEDIA_PAUSED}])) slot[name=icon] > *,
      :host([${n.MEDIA_LOADING}]:not([${n.MEDIA_PAUSED}])) ::slotted([slot=icon]) {
        opacity: var(--media-loading-indicator-opacity, 1);
        transition: opacity 0.15s var(--_loading-indicator-delay);
      }

      :host #status {
        visibility: var(--media-loading-indicator-opacity, hidden);
        transition: visibility 0.15s;
      }

      :host([${n.MEDIA_LOADING}]:not([${n.MEDIA_PAUSED}])) #status {
        visibility: var(--media-loading-indicator-opacity, visible);
        transition: visibility 0.15s var(--_loading-indicator-delay);
      }

      svg, img, ::slotted(svg), ::slotted(img) {
        width: var(--media-loading-indicator-icon-width);
        height: var(--media-loading-indicator-icon-height, 100px);
        fill: var(--media-icon-color, var(--media-primary-color, rgb(238 238 238)));
        vertical-align: middle;
      }
    </style>

    <slot name="icon">${Kd}</slot>
    <div id="status" role="status" aria-live="polite">${v("media loading")}</div>
  `}var yi=class extends l.HTMLElement{constructor(){if(super(),Io(this,we,void 0),Io(this,Gr,ko),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=V(this.attributes);this.shadowRoot.innerHTML=this.constructor.getTemplateHTML(e)}}static get observedAttributes(){return[w.MEDIA_CONTROLLER,n.MEDIA_PAUSED,n.MEDIA_LOADING,Kr.LOADING_DELAY]}attributeChangedCallback(e,i,r){var a,s,o,d,c;e===Kr.LOADING_DELAY&&i!==r?this.loadingDelay=Number(r):e===w.MEDIA_CONTROLLER&&(i&&((s=(a=Si(this,we))==null?void 0:a.unassociateElement)==null||s.call(a,this),Ii(this,we,null)),r&&this.isConnected&&(Ii(this,we,(o=this.getRootNode())==null?void 0:o.getElementById(r)),(c=(d=Si(this,we))==null?void 0:d.associateElement)==null||c.call(d,this)))}connectedCallback(){var e,i,r;let a=this.getAttribute(w.MEDIA_CONTROLLER);a&&(Ii(this,we,(e=this.getRootNode())==null?void 0:e.getElementById(a)),(r=(i=Si(this,we))==null?void 0:i.associateElement)==null||r.call(i,this))}disconnectedCallback(){var e,i;(i=(e=Si(this,we))==null?void 0:e.unassociateElement)==null||i.call(e,this),Ii(this,we,null)}get loadingDelay(){return Si(this,Gr)}set loadingDelay(e){Ii(this,Gr,e);let{style:i}=C(this.shadowRoot,":host");i.setProperty("--_loading-indicator-delay",`var(--media-loading-indicator-transition-delay, ${e}ms)`)}get mediaPaused(){return T(this,n.MEDIA_PAUSED)}set mediaPaused(e){S(this,n.MEDIA_PAUSED,e)}get mediaLoading(){return T(this,n.MEDIA_LOADING)}set mediaLoading(e){S(this,n.MEDIA_LOADING,e)}get mediaController(){return R(this,w.MEDIA_CONTROLLER)}set mediaController(e){L(this,w.MEDIA_CONTROLLER,e)}get noAutohide(){return T(this,Kr.NO_AUTOHIDE)}set noAutohide(e){S(this,Kr.NO_AUTOHIDE,e)}};we=new WeakMap;Gr=new WeakMap;yi.shadowRootOptions={mode:"open"};yi.getTemplateHTML=Gd;l.customElements.get("media-loading-indicator")||l.customElements.define("media-loading-indicator",yi);var wo="btgw.settings";function qd(t,e){try{return JSON.parse(localStorage.getItem(t)??"")??e}catch{return e}}function Yd(t,e){try{localStorage.setItem(t,JSON.stringify(e))}catch{}}var qr=()=>qd(wo,{}),ns=t=>Yd(wo,{...qr(),...t});var Yr=class{constructor(e){this.options=e;this.video=e.video??F("video"),this.video.setAttribute("slot","media"),this.video.removeAttribute("controls"),this.video.playsInline=!0,e.crossOrigin&&(this.video.crossOrigin="anonymous"),this.element=Qd(this.video,e.media),this.video.addEventListener("error",()=>this.failed()),this.video.addEventListener("ended",()=>e.ended?.()),this.video.addEventListener("volumechange",()=>ns({volume:this.video.volume})),this.video.addEventListener("ratechange",()=>ns({rate:this.video.playbackRate})),this.video.addEventListener("loadedmetadata",()=>{this.video.playbackRate=qr().rate??1}),this.video.volume=qr().volume??1,this.video.textTracks.addEventListener("change",()=>e.tracks?.())}options;video;element;subtitles=[];repairing=null;aborted=new AbortController;tried=!1;delay=0;async start(){let{url:e,type:i,from:r}=this.options,{way:a,why:s}=await Hs(e,i,this.aborted.signal);if(!this.aborted.signal.aborted){if(a==="none"){this.say(s??"","error"),this.video.removeAttribute("src");return}if(a==="repair"){await this.repair(r??0);return}this.video.src!==new URL(e,location.href).href&&(this.video.src=e),r&&this.seekFirst(r),this.watchSound(),this.video.addEventListener("loadedmetadata",()=>{i.startsWith("video/")&&this.video.videoWidth===0&&!this.tried&&this.say(Ns,"error")}),await this.play()}}seekFirst(e){let i=()=>{this.video.currentTime=e};this.video.readyState>0?i():this.video.addEventListener("loadedmetadata",i,{once:!0})}async play(){try{await this.video.play()}catch(e){if(!(e instanceof DOMException)||e.name!=="NotAllowedError")return;this.video.muted=!0;try{await this.video.play(),this.say("The browser started it without sound. A click on the loudspeaker turns it on.","note"),this.video.addEventListener("volumechange",()=>this.say("",""),{once:!0})}catch{}}}watchSound(){let e=this.video,i=()=>{if(e.currentTime-(this.options.from??0)<1||e.seeking)return;e.removeEventListener("timeupdate",i),(e.webkitAudioDecodedByteCount===0||e.mozHasAudio===!1)&&/mp4|quicktime|matroska/.test(this.options.type)&&this.repairSound()};e.addEventListener("timeupdate",i)}async repairSound(){if(this.tried)return;let{probe:e}=await import("./repair-7ZXVCUL7.js"),i=await e(this.options.url).catch(()=>null);i&&i.sounds.length>0&&!this.aborted.signal.aborted&&await this.repair(this.video.currentTime)}failed(){let{error:e}=this.video;if(!(!this.video.getAttribute("src")||this.tried&&!this.repairing)){if(this.repairing){this.repairing&&e&&this.say(zr(e,this.options.type),"error");return}if(!this.tried&&e?.code!==MediaError.MEDIA_ERR_NETWORK&&/mp4|matroska|mp2t|quicktime|webm|audio/.test(this.options.type)){this.repair(this.options.from??0);return}this.explain(e)}}async explain(e){let i=zr(e,this.options.type);try{let r=await fetch(this.options.url,{headers:{Range:"bytes=0-0",Accept:"application/problem+json"},signal:this.aborted.signal});r.ok?r.body?.cancel():i=(await r.json()).detail}catch{}this.say(i,"error")}async repair(e){if(!this.tried){this.tried=!0,this.say("This browser needs help with the file: preparing…","note");try{let{Repair:i}=await import("./repair-7ZXVCUL7.js");if(this.repairing=await i.open(this.options.url,this.options.type.startsWith("video/"),this.video,r=>this.say(r,"error")),this.aborted.signal.aborted){this.repairing.close();return}await this.repairing.start(e),this.say(this.repairing.note,this.repairing.note?"error":""),this.options.tracks?.(),await this.play()}catch(i){this.repairing?.close(),this.video.removeAttribute("src"),this.say(i instanceof Error?i.message:String(i),"error")}}}say(e,i){this.options.said?.(e,i)}sounds(){return this.repairing?.sounds??[]}async chooseSound(e){await this.repairing?.choose(e)}addSubtitle(e){let i=F("track",{kind:"subtitles",label:e.label,srclang:e.language||"und",src:e.url});this.video.append(i);let r={label:e.label,language:e.language,track:i.track,element:i,shift:0};i.addEventListener("load",()=>{r.shift=0,this.shift()}),i.addEventListener("error",()=>{i.track.mode==="showing"&&this.say(`The subtitles "${e.label}" cannot be read.`,"note")}),this.subtitles.push(r),this.options.tracks?.()}addCues(e,i,r){let a=this.video.addTextTrack("subtitles",e,i||"und");for(let o of r)a.addCue(new VTTCue(o.start,o.end,o.text));let s={label:e,language:i,track:a,shift:0};return this.subtitles.push(s),this.options.tracks?.(),s}show(e){for(let i of this.subtitles)i.track.mode=i===e?"showing":"disabled";this.shift(),this.options.tracks?.()}showing(){return this.subtitles.find(e=>e.track.mode==="showing")??null}shift(e=this.delay){this.delay=e;let i=this.showing();if(!i?.track.cues)return;let r=e-i.shift;if(r!==0){i.shift=e;for(let a of[...i.track.cues])a.startTime+=r,a.endTime+=r}}close(){this.aborted.abort(),this.repairing?.close(),this.video.removeAttribute("src"),this.video.load()}};function Qd(t,e){let i=e==="video";return requestAnimationFrame(()=>{t.parentElement?.querySelector("media-captions-button")?.setAttribute("role","switch"),t.parentElement?.querySelector("media-time-display")?.setAttribute("role","timer")}),F("media-controller",{class:"player",audio:!i,"keyboard-forward-seek-offset":"10","keyboard-backward-seek-offset":"10"},t,i&&F("media-loading-indicator",{slot:"centered-chrome",noautohide:!0}),F("media-control-bar",null,F("media-play-button"),F("media-seek-backward-button",{seekoffset:"10"}),F("media-seek-forward-button",{seekoffset:"10"}),F("media-time-range"),F("media-time-display",{showduration:!0,notoggle:!0}),F("media-mute-button"),F("media-volume-range"),i&&F("media-captions-button"),i&&F("media-airplay-button"),i&&F("media-cast-button"),i&&F("media-pip-button"),i&&F("media-fullscreen-button")))}var zd=/^(application\/x-subrip|text\/vtt|text\/x-ssa|application\/ttml)/,Zd=/^audio\/(x-mpegurl|x-scpls)/;function os(t){return zd.test(t)?"subtitle":t.startsWith("video/")&&t!=="video/iso.segment"||/rn-realmedia|application\/mxf/.test(t)?"video":t.startsWith("audio/")&&!Zd.test(t)?"audio":/^image\/(jpeg|png|apng|gif|webp|avif|bmp|svg)/.test(t)?"image":t.startsWith("text/")?"text":"other"}var ls=t=>t.path[t.path.length-1]??"";var ds={english:"en",eng:"en",german:"de",deutsch:"de",ger:"de",deu:"de",french:"fr",francais:"fr",fre:"fr",fra:"fr",spanish:"es",espanol:"es",spa:"es",italian:"it",ita:"it",portuguese:"pt",por:"pt",brazilian:"pt-BR",pob:"pt-BR",russian:"ru",rus:"ru",japanese:"ja",jpn:"ja",chinese:"zh",chi:"zh",zho:"zh",chs:"zh-Hans",cht:"zh-Hant",korean:"ko",kor:"ko",arabic:"ar",ara:"ar",dutch:"nl",dut:"nl",nld:"nl",polish:"pl",pol:"pl",czech:"cs",cze:"cs",ces:"cs",slovak:"sk",slo:"sk",slk:"sk",hungarian:"hu",hun:"hu",romanian:"ro",rum:"ro",ron:"ro",turkish:"tr",tur:"tr",greek:"el",gre:"el",ell:"el",hebrew:"he",heb:"he",swedish:"sv",swe:"sv",norwegian:"no",nor:"no",danish:"da",dan:"da",finnish:"fi",fin:"fi",ukrainian:"uk",ukr:"uk",bulgarian:"bg",bul:"bg",croatian:"hr",hrv:"hr",serbian:"sr",srp:"sr",slovenian:"sl",slv:"sl",vietnamese:"vi",vie:"vi",thai:"th",tha:"th",indonesian:"id",ind:"id",hindi:"hi",hin:"hi",persian:"fa",farsi:"fa",per:"fa",fas:"fa",catalan:"ca",cat:"ca",estonian:"et",est:"et",latvian:"lv",lav:"lv",lithuanian:"lt",lit:"lt",malay:"ms",may:"ms"},Mo=new Set([...Object.values(ds).map(t=>t.slice(0,2)),"nb","nn","is","ga","cy","eu","gl","mk","sq","bs","ta","te","bn","ur","sw"]);function Xd(t){let e=t.toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean);for(let i=e.length-1;i>=0;i--){let r=e[i],a=e[i-1];if(ds[r])return ds[r];if(r.length===2&&a&&a.length===2&&Mo.has(a))return`${a}-${r.toUpperCase()}`;if(Mo.has(r))return r}return""}function Jd(t){try{return t&&t!=="und"?new Intl.DisplayNames(["en"],{type:"language"}).of(t)??t:""}catch{return t}}var Lo=t=>t.replace(/\.[^.]{1,5}$/,"").toLowerCase(),Ro=t=>/s(\d{1,2})\W?e(\d{1,3})|(\d{1,2})x(\d{2,3})/i.exec(t)?.slice(1).filter(Boolean).map(Number).join("x")??"",jd=/^(subs?|subtitles?|untertitel|legendas?|sous-titres)$/i;function Do(t,e,i){let r=e.path.slice(0,-1),a=Lo(ls(e)),s=Ro(a),o=f=>r.every((_,p)=>f.path[p]===_),d=t.filter(f=>os(f.type)==="video"&&f.path.length===e.path.length&&o(f)).length,c=[];for(let f of t){if(os(f.type)!=="subtitle"||!o(f))continue;let _=f.path.slice(r.length,-1),p=Lo(ls(f)),m=_.length>0&&_[_.length-1]?.toLowerCase()===a;if(_.length>0&&!_.every(Me=>jd.test(Me)||Me.toLowerCase()===a))continue;let A=p.startsWith(a)&&!/^[\p{L}\p{N}]/u.test(p.slice(a.length)),g=s!==""&&Ro(p)===s;if(!A&&!m&&!g&&d>1)continue;let k=A?p.slice(a.length):p,y=Xd(k),q=/forced/.test(k),Ye=/sdh|hi\b|cc\b/.test(k),Qe=Jd(y)||k.replace(/^[\W_]+/,"").replace(/[._]+/g," ").trim()||"Subtitles";c.push({label:Qe+(q?" (forced)":Ye?" (SDH)":""),language:y,forced:q,url:i(f.href),rank:A?0:m||g?1:2})}c.sort((f,_)=>f.rank-_.rank);let I=new Map;for(let f of c){let _=(I.get(f.label)??0)+1;I.set(f.label,_),_>1&&(f.label+=` ${_}`)}return c.slice(0,32)}var gp=4<<20;var Co=`:host { display: block; }
media-controller { width: 100%; aspect-ratio: 16 / 9; }
media-controller[audio] { aspect-ratio: auto; }
video { width: 100%; height: 100%; }
p { font: 0.9rem/1.4 system-ui, sans-serif; margin: .4rem 0 0; }
p:empty { display: none; }
`;var cs=class extends HTMLElement{static observedAttributes=["src"];player=null;connectedCallback(){this.load()}disconnectedCallback(){this.player?.close(),this.player=null}attributeChangedCallback(){this.isConnected&&this.load()}get video(){return this.player?.video??null}load(){this.player?.close();let e=this.getAttribute("src"),i=this.shadowRoot??this.attachShadow({mode:"open"});if(i.replaceChildren(),!e)return;let r=new URL(e,document.baseURI).href,a=F("p",{role:"alert",part:"message"}),s=this.getAttribute("type")??tc(r),o=this.player=new Yr({url:r,type:s,media:s.startsWith("audio/")?"audio":"video",crossOrigin:!0,said:d=>{a.textContent=d,this.dispatchEvent(new CustomEvent("btgw-message",{detail:d}))},ended:()=>this.dispatchEvent(new Event("ended"))});i.append(F("style",null,Co),o.element,a),this.hasAttribute("autoplay")||this.hasAttribute("muted")?(o.video.muted=this.hasAttribute("muted"),o.start()):o.element.addEventListener("mediaplayrequest",()=>{o.video.src||o.start()},{capture:!0}),s.startsWith("video/")&&this.subtitles(r,o)}async subtitles(e,i){let r=/^(.*\/(?:btih|btmh)\/[^/]+\/)[^?]*(\?.*)?$/.exec(e);if(!r)return;let a=r[2]?.slice(1)??"",s=(o,d)=>`${o}?${[d,a].filter(Boolean).join("&")}`;try{let d=await(await fetch(s(r[1],"format=json"))).json(),c=new URL(e).pathname,I=d.files.find(f=>f.href===c);if(I)for(let f of Do(d.files,I,_=>s(new URL(_,e).href,"format=vtt")))i.addSubtitle(f)}catch{}}};function tc(t){return{mkv:"video/x-matroska",webm:"video/webm",mp4:"video/mp4",m4v:"video/mp4",mov:"video/quicktime",ts:"video/mp2t",m2ts:"video/mp2t",avi:"video/x-msvideo",mp3:"audio/mpeg",m4a:"audio/mp4",flac:"audio/flac",ogg:"audio/ogg",opus:"audio/ogg",wav:"audio/wav",ac3:"audio/ac3",eac3:"audio/eac3"}[/\.([a-z0-9]+)$/i.exec(new URL(t).pathname)?.[1]?.toLowerCase()??""]??"video/mp4"}customElements.get("btgw-player")||customElements.define("btgw-player",cs);
